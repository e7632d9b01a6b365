// Pages of the lists over a million rows.
import { linesOf } from '../run-script.mjs';

const LINE = /^(\w+): first page p95 ([\d.]+) ms .*page (\d+) ([\d.]+) ms, ([\d.]+) of page 1; offset paging ([\d.]+)$/;
const MOST_MS = 150;

export async function run({ figures, isSmall }) {
  const rows = isSmall ? 20_000 : 1_000_000;
  for (const line of await linesOf('lists.mjs', [String(rows)])) {
    const [, name, p95, page, , far, offset] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const first = { figure: `first page of ${name} over ${rows} rows, p95`, unit: 'ms', product: Number(p95) };
    figures.add({ ...first, target: `< ${MOST_MS} ms`, isMet: Number(p95) < MOST_MS });
    figures.add({
      figure: `page ${page} of ${name}, times page 1`,
      unit: '×',
      product: Number(far),
      peer: Number(offset),
      peerName: 'offset paging in SQL',
      target: 'flat (≤ 2)',
      isMet: Number(far) <= 2,
    });
  }
}
