// Puts the figures of a run into docs/performance.md, between its marks: `node bench/write-table.mjs [figures.json]`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '../docs/performance.md');
const figures = JSON.parse(readFileSync(process.argv[2] ?? join(import.meta.dirname, 'figures.json'), 'utf8'));
const [BEGIN, END] = ['<!-- figures begin -->', '<!-- figures end -->'];

const page = readFileSync(file, 'utf8');
const [before, rest] = [page.slice(0, page.indexOf(BEGIN) + BEGIN.length), page.slice(page.indexOf(END))];
writeFileSync(file, `${before}\n\n${table(figures)}\n\n${machineOf(figures)}\n\n${rest}`);

function table(rows) {
  const head = ['figure', 'Trueup', 'peer', 'ratio', 'target', 'met'];
  return [head, head.map(() => '---'), ...rows.map(cells)].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cells({ figure, unit, product, peer, peerName, ratio, target, isMet }) {
  const beside = peer === undefined || peer === null ? '' : `${number(peer)} (${peerName})`;
  const verdict = target === undefined ? '' : isMet ? 'yes' : '**no**';
  return [
    figure,
    `${number(product)} ${unit}`,
    beside,
    ratio === undefined || ratio === null ? '' : ratio.toFixed(2),
    target ?? '',
    verdict,
  ];
}

function machineOf(rows) {
  const { model, cores, node } = rows[0];
  const busy = rows.flatMap(({ detail }) => [detail?.product, detail?.peer].flat()).filter((round) => round?.isBusy).length;
  const shared =
    busy === 0 ? 'Nobody else used the machine during any round.' : `${busy} rounds saw somebody else use the machine.`;
  return `${cores} cores (${model}), Node ${node}, ${rows
    .map(({ at }) => at)
    .sort()
    .at(-1)
    .slice(0, 10)}; load and every round are in \`bench/figures.json\`. ${shared}`;
}

function number(value) {
  if (value === null || value === undefined) return '';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 100) / 100);
}
