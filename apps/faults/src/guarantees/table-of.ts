import { CATALOGUE } from '../catalogue.js';
import { NOT_INJECTED } from './not-injected.js';
import { type FaultRow, numberOf } from './rows-of.js';

/** Numbers of the fault plan. */
export const PLANNED: readonly string[] = Array.from({ length: 32 }, (_, index) => `F${index + 1}`);

const COLUMNS = ['events in', 'effects', 'lost', 'doubled', 'leaked', 'reordered', 'parked', 'unknown'];

/** The measured part of docs/guarantees.md: a table of all runs, and a line for each fault that has none. */
export function tableOf(rows: readonly FaultRow[]): string {
  const head = ['fault', 'what happened', 'runs', 'passed', ...COLUMNS, 'recovery s: median, largest', 'besides'];
  const lines = rows.map((row) => cellsOf(row).join(' | '));
  const table = [head.join(' | '), head.map(() => '---').join(' | '), ...lines].map((line) => `| ${line} |`).join('\n');
  return `${table}\n\n${rest(rows)}`;
}

function cellsOf(row: FaultRow): (string | number)[] {
  const { events_in, effects_out, lost, doubled, leaked, reordered, parked, unknown_left } = row;
  const figures = Object.entries(row.figures).map(([name, { from, to }]) => `${name} ${from === to ? from : `${from} to ${to}`}`);
  const recovery = row.recovery === null ? 'never' : `${row.recovery.median}, ${row.recovery.largest}`;
  const counts = [events_in, effects_out, lost, doubled, leaked, reordered, parked, unknown_left];
  return [row.fault, `${row.title}. Holds: ${row.mustHold}`, row.seeds, row.passed, ...counts, recovery, figures.join(', ')];
}

function rest(rows: readonly FaultRow[]): string {
  const measured = new Set(rows.flatMap(({ fault }) => fault.split('+')));
  const missing = PLANNED.filter((id) => !measured.has(id)).sort((a, b) => numberOf(a) - numberOf(b));
  return missing.map((id) => `- **${id}**: ${reasonOf(id)}`).join('\n');
}

function reasonOf(id: string): string {
  const injected = CATALOGUE.find((fault) => fault.id === id);
  if (injected !== undefined)
    return `${injected.title}: can be injected, and has no run in this table. \`npm run faults -- --fault ${id}\``;
  return NOT_INJECTED[id] ?? 'is not injected yet';
}
