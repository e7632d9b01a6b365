import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../canonical-json.js';
import { asyncApiDocument } from './asyncapi-document.js';

// `node libs/contracts/dist/asyncapi/write-asyncapi.js` writes docs/asyncapi.json; with `--check` it only compares and exits 1 when stale.
const file = join(import.meta.dirname, '../../../../docs/asyncapi.json');
const document = asyncApiDocument();

if (!process.argv.includes('--check')) writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
else if (canonicalJson(JSON.parse(readFileSync(file, 'utf8'))) !== canonicalJson(document)) {
  process.stderr.write('stale: docs/asyncapi.json\n');
  process.exitCode = 1;
}
