import type { DataSource } from 'typeorm';

/** Rows that wait to be taken. */
export interface WaitingRows {
  count: number;
  /** The one that has waited longest; null when none waits. */
  oldestId: string | null;
}

/** What waits in one of the tables that are the same in every schema. */
export async function waitingRowsOf(database: DataSource, schema: string, table: 'command' | 'outbox'): Promise<WaitingRows> {
  const [row] = await database.query<{ count: number; oldestId: string | null }[]>(
    `select count(*)::int as count, min(id)::text as "oldestId" from "${schema}".${table}`,
  );
  return row!;
}
