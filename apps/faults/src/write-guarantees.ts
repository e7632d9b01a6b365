import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '@trueup/testing/product';
import { rowsOf } from './guarantees/rows-of.js';
import { tableOf } from './guarantees/table-of.js';
import type { RunRecord } from './run/run-record.js';

const DOCUMENT = join(REPOSITORY, 'docs/guarantees.md');
const MARKS = { begin: '<!-- measured: begin -->', end: '<!-- measured: end -->' };

/** Puts the table of the given result files (a later file wins) between the marks of docs/guarantees.md. */
function write(files: readonly string[]): void {
  const runs = files.flatMap((file) => (JSON.parse(readFileSync(file, 'utf8')) as { runs: RunRecord[] }).runs);
  if (runs.length === 0)
    throw new Error('Name the result files of npm run faults: node apps/faults/dist/write-guarantees.js a.json b.json');
  const text = readFileSync(DOCUMENT, 'utf8');
  const [before, after] = [text.split(MARKS.begin)[0], text.split(MARKS.end)[1]];
  if (before === undefined || after === undefined) throw new Error(`${DOCUMENT} lacks its marks`);
  writeFileSync(DOCUMENT, `${before}${MARKS.begin}\n\n${tableOf(rowsOf(runs))}\n\n${MARKS.end}${after}`);
}

write(process.argv.slice(2));
