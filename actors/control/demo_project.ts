import { writePrivateFile } from "../data_folder.ts";
import type { ProjectKeys, Projects } from "./projects.ts";

/** What `demo_keys.json` in the data folder holds. */
export interface DemoKeys extends ProjectKeys {
  project_id: string;
}

const DEMO_ID = "demo";

/**
 * Makes the demo project where there is no project yet, and keeps its keys in the data folder,
 * because they are stored nowhere else in readable form.
 *
 * @returns its keys; `null` where there is no demo project, or its keys file is gone
 */
export async function ensureDemoProject(
  projects: Projects,
  dataDir: string,
): Promise<DemoKeys | null> {
  const path = `${dataDir}/demo_keys.json`;
  if ((await projects.list()).length === 0) {
    const project = { project_id: DEMO_ID, name: "Demo shop", allow_text: true };
    const keys = await projects.create(project);
    if (keys) {
      const all: DemoKeys = { project_id: DEMO_ID, ...keys };
      await writePrivateFile(path, JSON.stringify(all, null, 2) + "\n");
      return all;
    }
  }
  try {
    return JSON.parse(await Deno.readTextFile(path)) as DemoKeys;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
