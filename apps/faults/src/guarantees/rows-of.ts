import type { RunRecord } from '../run/run-record.js';

/** Columns of a run that are added up. */
const SUMMED = ['events_in', 'effects_out', 'lost', 'doubled', 'leaked', 'reordered', 'parked', 'unknown_left'] as const;

/** All runs of one fault together. */
export interface FaultRow extends Pick<RunRecord, (typeof SUMMED)[number]> {
  fault: string;
  title: string;
  mustHold: string;
  seeds: number;
  passed: number;
  /** Median and largest seconds of recovery; null where a run never recovered. */
  recovery: { median: number; largest: number } | null;
  /** The fault's own figures: the smallest and the largest of all runs. */
  figures: Readonly<Record<string, { from: number; to: number }>>;
  /** One sentence per run that did not pass. */
  failures: readonly string[];
}

/** One row per fault, by number. Of two runs with one fault and seed the later one counts. */
export function rowsOf(runs: readonly RunRecord[]): FaultRow[] {
  const newest = new Map(runs.map((run) => [`${run.faults} ${run.seed}`, run]));
  const byFault = Map.groupBy([...newest.values()], ({ faults }) => faults);
  return [...byFault.values()].map(rowOf).sort((a, b) => numberOf(a.fault) - numberOf(b.fault));
}

function rowOf(runs: readonly RunRecord[]): FaultRow {
  const { faults, title, mustHold } = runs.at(-1)!;
  const sums = SUMMED.map((column) => [column, runs.reduce((sum, run) => sum + run[column], 0)] as const);
  return {
    ...{ fault: faults, title, mustHold },
    seeds: runs.length,
    passed: runs.filter(({ hasPassed }) => hasPassed).length,
    ...(Object.fromEntries(sums) as Record<(typeof SUMMED)[number], number>),
    recovery: recoveryOf(runs.map(({ recovery_s }) => recovery_s)),
    figures: figuresOf(runs),
    failures: runs.filter(({ hasPassed }) => !hasPassed).map(failureOf),
  };
}

function recoveryOf(seconds: readonly number[]): FaultRow['recovery'] {
  if (seconds.some((each) => each < 0)) return null;
  const sorted = [...seconds].sort((a, b) => a - b);
  return { median: sorted[Math.floor((sorted.length - 1) / 2)]!, largest: sorted.at(-1)! };
}

function figuresOf(runs: readonly RunRecord[]): FaultRow['figures'] {
  const names = [...new Set(runs.flatMap(({ figures }) => Object.keys(figures)))];
  return Object.fromEntries(
    names.map((name) => {
      const values = runs.flatMap(({ figures }) => figures[name] ?? []);
      return [name, { from: Math.min(...values), to: Math.max(...values) }];
    }),
  );
}

const LONGEST_FAILURE = 240;

function failureOf({ faults, seed, findings, broken }: RunRecord): string {
  const what = [...broken, ...findings.map((finding) => `${finding.kind}: ${finding.what}`)]
    .join('; ')
    .replaceAll(/[|`\n]/g, ' ');
  return `${faults}, seed ${seed}: ${what.length > LONGEST_FAILURE ? `${what.slice(0, LONGEST_FAILURE)} ...` : what}`;
}

/** The first number of `F3` or `F3+F13`. */
export function numberOf(fault: string): number {
  return Number(/\d+/.exec(fault)?.[0] ?? 0);
}
