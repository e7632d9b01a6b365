import { CATALOGUE } from '../catalogue.js';
import type { FaultRow } from './rows-of.js';

/** Numbers of the fault plan. */
export const PLANNED: readonly string[] = Array.from({ length: 32 }, (_, index) => `F${index + 1}`);

const COLUMNS = ['events in', 'effects', 'lost', 'doubled', 'leaked', 'reordered', 'parked', 'unknown'];

/** The measured part of docs/guarantees.md: a table of all runs, and a line for each fault that has none. */
export function tableOf(rows: readonly FaultRow[]): string {
  const head = ['fault', 'what happened', 'runs', 'passed', ...COLUMNS, 'recovery s: median, largest', 'besides'];
  const lines = rows.map((row) => cellsOf(row).join(' | '));
  const table = [head.join(' | '), head.map(() => '---').join(' | '), ...lines].map((line) => `| ${line} |`).join('\n');
  return [table, failed(rows), rest(rows)].filter((part) => part !== '').join('\n\n');
}

function cellsOf(row: FaultRow): (string | number)[] {
  const { events_in, effects_out, lost, doubled, leaked, reordered, parked, unknown_left } = row;
  const figures = Object.entries(row.figures).map(([name, { from, to }]) => `${name} ${from === to ? from : `${from} to ${to}`}`);
  const recovery = row.recovery === null ? 'never' : `${row.recovery.median}, ${row.recovery.largest}`;
  const counts = [events_in, effects_out, lost, doubled, leaked, reordered, parked, unknown_left];
  return [row.fault, `${row.title}. Holds: ${row.mustHold}`, row.seeds, row.passed, ...counts, recovery, figures.join(', ')];
}

/** Runs that did not pass, each with what was not true; the later run of a fault and seed has taken the place of an earlier one. */
function failed(rows: readonly FaultRow[]): string {
  const failures = rows.flatMap((row) => row.failures);
  if (failures.length === 0) return '';
  return `Runs that did not pass:\n\n${failures.map((failure) => `- \`${failure}\``).join('\n')}`;
}

/** What can be injected and was not measured is named, so that a hole does not look like a zero. */
function rest(rows: readonly FaultRow[]): string {
  const measured = new Set(rows.flatMap(({ fault }) => fault.split('+')));
  const missing = CATALOGUE.filter(({ id }) => !measured.has(id));
  if (missing.length === 0) return 'Every fault of the plan has runs in this table.';
  const lines = missing.map(({ id, title }) => `- **${id}**: ${title}`);
  return `Not in this table, because these result files have no run of it (\`npm run faults -- --fault F1\` makes one):\n\n${lines.join('\n')}`;
}
