/**
 * Makes the data folder and takes it for this process. Two processes on one embedded database
 * would meet "database is locked", or share it unnoticed; the lock is freed by any end of the
 * process, `kill -9` included.
 *
 * @returns gives the folder back
 * @throws {Deno.errors.Busy} when another process has it
 */
export async function takeDataFolder(path: string): Promise<() => void> {
  await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  const file = await Deno.open(`${path}/lock`, { create: true, write: true });
  if (!await file.tryLock(true)) {
    file.close();
    throw new Deno.errors.Busy(
      `The data folder ${path} is used by another Snag; stop that one, or set DATA_DIR`,
    );
  }
  return () => file.close();
}

/** Writes a file that only its owner may read, whole or not at all. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await Deno.writeTextFile(draft, text, { mode: 0o600 });
  await Deno.rename(draft, path);
}
