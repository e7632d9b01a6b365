// Puts the figures of a run into docs/performance.md, between its marks: `node bench/write-table.mjs [figures.json]`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const file = join(import.meta.dirname, '../docs/performance.md');
const figures = JSON.parse(readFileSync(process.argv[2] ?? join(import.meta.dirname, 'figures.json'), 'utf8'));
const [BEGIN, END] = ['<!-- figures begin -->', '<!-- figures end -->'];

const page = readFileSync(file, 'utf8');
const [before, rest] = [page.slice(0, page.indexOf(BEGIN) + BEGIN.length), page.slice(page.indexOf(END))];
const written = `${before}\n\n${table(figures)}\n\n${machineOf(figures)}\n\n${rest}`;
writeFileSync(file, await format(written, { ...(await resolveConfig(file)), filepath: file }));

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
  const rounds = rows
    .flatMap(({ detail }) => [detail?.product, detail?.peer].flat())
    .filter((round) => round?.isBusy !== undefined);
  const busy = rounds.filter(({ isBusy }) => isBusy).length;
  const shared = `Of ${rounds.length} rounds, ${busy} saw somebody else use the machine.`;
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
