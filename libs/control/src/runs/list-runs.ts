import type { Run } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

export interface RunFilter {
  tenantId: string;
  runId?: string;
  connectionId?: string;
  /** The id after which the page begins; the newest run comes first. */
  after?: string;
  limit: number;
}

type Row = Omit<Run, 'localDate' | 'startedAt' | 'finishedAt' | 'counts' | 'periodId' | 'preview'> & {
  periodId: string | null;
  preview: boolean;
  localDate: string | null;
  startedAt: Date;
  finishedAt: Date | null;
  counts: Record<string, number> | null;
};

/** Runs, newest first; `counts` has the number of entries per code. */
export async function listRuns(db: SqlRunner, filter: RunFilter): Promise<Run[]> {
  const rows = await db.query<Row[]>(
    `select r.id, r.connection_id as "connectionId", r.kind, r.local_date as "localDate", r.state, r.started_at as "startedAt",
       r.finished_at as "finishedAt", r.period_id as "periodId", r.is_preview as preview,
       (select jsonb_object_agg(code, entries) from
         (select e.code, count(*) as entries from control.log_entry e where e.run_id = r.id group by e.code) as c) as counts
     from control.run r
     where r.tenant_id = $1 and ($2::text is null or r.connection_id = $2) and ($3::text is null or r.id collate "C" < $3)
       and ($5::text is null or r.id = $5)
     order by r.id collate "C" desc limit $4`,
    [filter.tenantId, filter.connectionId ?? null, filter.after ?? null, filter.limit, filter.runId ?? null],
  );
  return rows.map(toRun);
}

/** One run, or null. */
export async function findRun(db: SqlRunner, tenantId: string, runId: string): Promise<Run | null> {
  return (await listRuns(db, { tenantId, runId, limit: 1 }))[0] ?? null;
}

function toRun(row: Row): Run {
  const { localDate, startedAt, finishedAt, counts, periodId, preview, ...rest } = row;
  return {
    ...rest,
    ...(localDate !== null && { localDate }),
    ...(periodId !== null && { periodId }),
    ...(preview && { preview }),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    counts: counts ?? {},
  };
}
