// Calls of the PSA's API per confirmed line, and per line of a preview.
import { linesOf } from '../run-script.mjs';

const LINE = /^(.*): (\d+) lines confirmed, (\d+) calls .*, ([\d.]+) calls per line/;
// The connector counts absolute: it looks, writes and looks again.
const MOST = {
  'one line changed, its place remembered': 3,
  'all lines changed at once': 3,
  'preview, 500 customers of 10 lines': 0.1,
};

export async function run({ figures, isSmall }) {
  for (const line of await linesOf('connector-calls.mjs', isSmall ? ['50'] : [])) {
    const [, what, lines, calls, perLine] = LINE.exec(line) ?? [];
    if (what === undefined) continue;
    const most = MOST[what];
    const figure = { figure: `calls per line: ${what}`, unit: 'calls', product: Number(perLine), detail: { lines, calls } };
    figures.add(most === undefined ? figure : { ...figure, target: `≤ ${most}`, isMet: Number(perLine) <= most });
  }
}
