import { chmodSync, renameSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner may read, whole or not at all: readers never see half of it. */
export function writePrivateFile(path: string, content: string): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, content, { mode: 0o600 });
  chmodSync(draft, 0o600); // an existing draft keeps its old mode
  renameSync(draft, path);
}
