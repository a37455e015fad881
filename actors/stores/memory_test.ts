import { storeContract } from "./contract_suite.ts";
import { MemoryStore } from "./memory.ts";

storeContract("memory", () => Promise.resolve(new MemoryStore()));
