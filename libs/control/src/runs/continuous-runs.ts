import { randomUUIDv7 } from 'node:crypto';
import type { SqlRunner } from '../sql-runner.js';

export interface ConnectionDay {
  tenantId: string;
  connectionId: string;
  /** The tenant's local day. */
  localDate: string;
}

export interface DayRun extends ConnectionDay {
  id: string;
}

/** Starts the day's run where it is missing. Returns only those that this call started. */
export async function startDayRuns(tx: SqlRunner, days: readonly ConnectionDay[], at: Date): Promise<DayRun[]> {
  const started: DayRun[] = [];
  for (const day of days) {
    const id = `run_${randomUUIDv7()}`;
    const rows = await tx.query<unknown[]>(
      `insert into control.run (id, tenant_id, connection_id, kind, local_date, state, started_at)
       values ($1, $2, $3, 'continuous', $4, 'running', $5)
       on conflict (connection_id, local_date) where kind = 'continuous' do nothing returning 1`,
      [id, day.tenantId, day.connectionId, day.localDate, at],
    );
    if (rows.length > 0) started.push({ ...day, id });
  }
  return started;
}

/** Ends the connection's running continuous runs of earlier days and returns them. */
export function finishEarlierRuns(tx: SqlRunner, day: ConnectionDay, at: Date): Promise<DayRun[]> {
  return tx.query(
    `with ended as (
       update control.run set state = 'finished', finished_at = $3
       where connection_id = $1 and kind = 'continuous' and state = 'running' and local_date < $2
       returning id, tenant_id, connection_id, local_date)
     select id, tenant_id as "tenantId", connection_id as "connectionId", local_date as "localDate" from ended`,
    [day.connectionId, day.localDate, at],
  );
}

/** The run of each connection's day, by connection; absent where none was started. */
export async function dayRunsOf(tx: SqlRunner, days: readonly ConnectionDay[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; connectionId: string }[]>(
    `select r.id, r.connection_id as "connectionId" from control.run r
     join unnest($1::text[], $2::date[]) as w(connection_id, local_date)
       on r.connection_id = w.connection_id and r.local_date = w.local_date
     where r.kind = 'continuous'`,
    [days.map((day) => day.connectionId), days.map((day) => day.localDate)],
  );
  return new Map(rows.map((row) => [row.connectionId, row.id]));
}
