import { canonicalJson, type LinePeriod, type PlainDate } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** What a line counts in a period. */
export type LineCounts = Pick<LinePeriod, 'present' | 'peak' | 'removed' | 'steps'>;

/** A line that held nothing in a period. */
export const nothingIn = ({ start }: { start: PlainDate }): LineCounts => ({
  present: '0',
  peak: '0',
  removed: '0',
  steps: [{ from: start, quantity: '0' }],
});

/** The frozen counts of a period, with what it would hold by now beside them where that differs. */
export function closedPeriod(counted: LinePeriod, frozen: LineCounts | undefined): LinePeriod {
  const { id, start, end, state, present, peak, steps } = counted;
  const kept = frozen ?? nothingIn(counted);
  const restated = { present, peak, steps };
  const isSame = canonicalJson(restated) === canonicalJson({ present: kept.present, peak: kept.peak, steps: kept.steps });
  return { id, start, end, state, ...kept, ...(!isSame && { restated }) };
}

/** Counts of lines as the first snapshot of each period froze them, by line key and period id; absent where nothing was held. */
export async function readFrozenLines(
  tx: SqlRunner,
  lines: readonly { tenantId: string; lineKey: string }[],
  from: PlainDate,
): Promise<Map<string, Map<PlainDate, LineCounts>>> {
  if (lines.length === 0) return new Map();
  const rows = await tx.query<{ lineKey: string; periodId: PlainDate; counts: LineCounts }[]>(
    `select s.line_key as "lineKey", s.period_id as "periodId", s.counts from billing.snapshot_line s
     join unnest($1::text[], $2::text[]) as k(tenant_id, line_key) using (tenant_id, line_key)
     where s.version = 1 and s.period_id >= $3::date`,
    [lines.map(({ tenantId }) => tenantId), lines.map(({ lineKey }) => lineKey), from],
  );
  const byLine = Map.groupBy(rows, ({ lineKey }) => lineKey);
  return new Map([...byLine].map(([key, group]) => [key, new Map(group.map(({ periodId, counts }) => [periodId, counts]))]));
}
