// All benchmarks by one command: `node bench/run.mjs [part ...] [--small] [--rounds N] [--out file]`. Needs a build (`npx tsc -b`).
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Figures } from './figures.mjs';

const ORDER = ['sinks', 'ingest', 'rebuild', 'growth', 'latency', 'psa', 'coalescing', 'calls', 'lists', 'idle'];
const parts = readdirSync(join(import.meta.dirname, 'parts')).map((file) => file.replace(/\.mjs$/, ''));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { small: { type: 'boolean', default: false }, rounds: { type: 'string' }, out: { type: 'string' } },
});
const unknown = positionals.filter((part) => !parts.includes(part));
if (unknown.length > 0) {
  console.error(`No part ${unknown.join(', ')}; there are ${ORDER.join(', ')}`);
  process.exit(2);
}

// Small runs prove that everything works; their figures mean nothing and never replace real ones.
const out =
  values.out ??
  (values.small ? join(mkdtempSync(join(tmpdir(), 'trueup-bench-')), 'figures.json') : join(import.meta.dirname, 'figures.json'));
if (values.small) process.env.BENCH_PATIENCE_S ??= '0';
const failed = [];
for (const part of ORDER.filter((name) => positionals.length === 0 || positionals.includes(name))) {
  console.error(`${part} …`);
  try {
    const { run } = await import(`./parts/${part}.mjs`);
    await run({
      figures: new Figures(out, part),
      isSmall: values.small,
      rounds: Number(values.rounds ?? (values.small ? 1 : 5)),
    });
  } catch (error) {
    failed.push(part);
    console.error(`${part} failed:`, error);
  }
}
console.log(`figures in ${out}${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`);
process.exit(failed.length > 0 ? 1 : 0);
