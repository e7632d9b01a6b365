import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { schemaDocuments } from './schema-documents.js';

// `node libs/contracts/dist/schemas/write-schemas.js` writes the committed schemas; with `--check` it only compares and exits 1 when stale.
const folder = join(import.meta.dirname, '../../schemas');
const isCheck = process.argv.includes('--check');
const stale: string[] = [];

for (const { path, document } of schemaDocuments()) {
  const file = join(folder, path);
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (!isCheck) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else if (textOf(file) !== text) stale.push(path);
}
for (const path of stale) process.stderr.write(`stale: libs/contracts/schemas/${path}\n`);
process.exitCode = stale.length === 0 ? 0 : 1;

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // a schema that was never written is as stale as one that differs
  }
}
