import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { type Column, renderOne, renderRows } from '../output/render-rows.js';
import { apiSettingOf } from '../setting.js';

type Count = { lines: number; units: string };

interface Reconciliation {
  isExplained: boolean;
  unexplained: Record<string, { count: number; since: string | null }>;
  events: Record<string, unknown>;
  lines: Record<string, Count | unknown[]>;
  quantities: Record<string, Record<string, string | number> | unknown[] | null>;
}

interface Entry {
  equation: string;
  what: string;
  count: number | null;
  units: string | null;
}

const columns: Column<Entry>[] = [
  { header: 'equation', value: ({ equation }) => equation },
  { header: 'what', value: ({ what }) => what },
  { header: 'count', value: ({ count }) => count, isNumber: true },
  { header: 'units', value: ({ units }) => units, isNumber: true },
];

/** `trueup reconciliation` */
export function addReconciliationCommand(program: Command): void {
  program
    .command('reconciliation')
    .description('whether everything that came in is accounted for; exit code 1 when something is not')
    .addHelpText('after', '\nWith -o json the whole answer: hours, and each line that differs.')
    .action(async (_: object, command: Command) => {
      const { api, terminal } = apiSettingOf(command);
      const answer = await api.get<Reconciliation>('/v1/reconciliation');
      const { format } = terminal;
      terminal.print(format === 'json' ? renderOne(format, answer, []) : renderRows(format, entriesOf(answer), columns));
      if (!answer.isExplained) process.exitCode = EXIT.unhealthy;
    });
}

function entriesOf({ unexplained, events, lines, quantities }: Reconciliation): Entry[] {
  return [
    ...Object.entries(unexplained).map(([what, { count }]) => entry('unexplained', what, count)),
    ...Object.entries(events).flatMap(([what, count]) => (typeof count === 'number' ? [entry('events', what, count)] : [])),
    ...Object.entries(lines).flatMap(([what, count]) =>
      Array.isArray(count) ? [] : [entry('lines', what, count.lines, count.units)],
    ),
    ...Object.entries(quantities).flatMap(([place, units]) =>
      units === null || Array.isArray(units) ? [] : quantityEntries(place, units),
    ),
  ];
}

function quantityEntries(place: string, units: Record<string, string | number>): Entry[] {
  return Object.entries(units).map(([what, value]) =>
    typeof value === 'number' ? entry(place, what, value) : entry(place, what, null, value),
  );
}

function entry(equation: string, what: string, count: number | null, units: string | null = null): Entry {
  return { equation, what, count, units };
}
