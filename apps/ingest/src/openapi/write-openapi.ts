import { canonicalJson } from '@trueup/contracts';
import { readFileSync, writeFileSync } from 'node:fs';
import { ingestOpenApi } from './openapi-document.js';

// `npm run openapi --workspace @trueup/ingest` writes docs/openapi-ingest.json; with `-- --check` it only compares and exits 1 when stale.
const file = new URL('../../../../docs/openapi-ingest.json', import.meta.url);
const document = ingestOpenApi();

if (!process.argv.includes('--check')) writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
else if (canonicalJson(JSON.parse(readFileSync(file, 'utf8'))) !== canonicalJson(document)) {
  process.stderr.write('stale: docs/openapi-ingest.json\n');
  process.exitCode = 1;
}
