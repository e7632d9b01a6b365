import type { Finding, Verdict } from '../check/verdict.js';

/** One run as table and file show it. */
export interface RunRecord extends Omit<Verdict, 'findings'> {
  seed: number;
  faults: string;
  title: string;
  mustHold: string;
  events_in: number;
  effects_out: number;
  /** Seconds from the fault's end until nothing was in flight; -1: never. */
  recovery_s: number;
  /** Seconds that the run took. */
  took_s: number;
  figures: Readonly<Record<string, number>>;
  findings: readonly Finding[];
  /** Sentences that were claimed and are false, and errors that ended the run. */
  broken: readonly string[];
  hasPassed: boolean;
}

const COLUMNS = [
  'seed',
  'faults',
  'events_in',
  'effects_out',
  'lost',
  'doubled',
  'leaked',
  'reordered',
  'parked',
  'unknown_left',
  'recovery_s',
] as const;

/** The column names over the lines of runs. */
export const HEADER = COLUMNS.join(' ');

/** One run as one line: the columns of the header, then the fault's own figures by name. */
export function lineOfRun(run: RunRecord): string {
  const own = Object.entries(run.figures).map(([name, value]) => `${name}=${value}`);
  const verdict = run.hasPassed ? 'ok' : 'FAILED';
  return [...COLUMNS.map((column) => run[column]), ...own, verdict].join(' ');
}

/** All runs in aligned columns, one line each. */
export function tableOfRuns(runs: readonly RunRecord[]): string {
  const rows = [
    [...COLUMNS, 'verdict'],
    ...runs.map((run) => [...COLUMNS.map((column) => String(run[column])), run.hasPassed ? 'ok' : 'FAILED']),
  ];
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => row[index]!.length)));
  return rows.map((row) => row.map((cell, index) => cell.padStart(widths[index]!)).join('  ')).join('\n');
}
