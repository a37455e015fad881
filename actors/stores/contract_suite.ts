import { commitContract } from "./contract_commit.ts";
import { documentsContract } from "./contract_documents.ts";
import { logsContract } from "./contract_logs.ts";
import type { ActorStore } from "./port.ts";

/** A test of the contract: a new, empty store, closed afterwards by the suite. */
export type ContractTest = (store: ActorStore) => Promise<void>;

/** Tests by name. */
export type Contract = Record<string, ContractTest>;

/**
 * What every store must do, whichever it is.
 *
 * @param open a new, empty store
 */
export function storeContract(name: string, open: () => Promise<ActorStore>) {
  const all = { ...commitContract, ...logsContract, ...documentsContract };
  for (const [rule, test] of Object.entries(all)) {
    Deno.test({
      name: `${name}: ${rule}`,
      sanitizeOps: true,
      sanitizeResources: true,
      fn: async () => {
        const store = await open();
        try {
          await test(store);
        } finally {
          await store.close();
        }
      },
    });
  }
}
