/** What a checker found: how much, and one sentence per finding. */
export interface Finding {
  kind: FindingKind;
  count: number;
  what: string;
}

export type FindingKind = 'lost' | 'doubled' | 'leaked' | 'reordered' | 'unknown_left' | 'unexplained';

/** Counts by kind; everything but `parked` must be 0, and `parked` what the fault said. */
export interface Verdict {
  lost: number;
  doubled: number;
  leaked: number;
  reordered: number;
  parked: number;
  unknown_left: number;
  unexplained: number;
  findings: readonly Finding[];
}

/** Sums findings up. */
export function verdictOf(findings: readonly Finding[], parked: number): Verdict {
  const sum = (kind: FindingKind): number =>
    findings.filter((finding) => finding.kind === kind).reduce((total, { count }) => total + count, 0);
  return {
    lost: sum('lost'),
    doubled: sum('doubled'),
    leaked: sum('leaked'),
    reordered: sum('reordered'),
    parked,
    unknown_left: sum('unknown_left'),
    unexplained: sum('unexplained'),
    findings,
  };
}
