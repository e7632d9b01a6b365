import {
  type DayRun,
  type NewLogEntry,
  type StoredConnection,
  appendLog,
  dayRunsOf,
  finishEarlierRuns,
  startDayRuns,
} from '@trueup/control';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import type { TenantDay } from '../tenant-day.js';

/** An entry for the continuous run of its connection's day. */
export interface DayEntry extends Omit<NewLogEntry, 'runId' | 'tenantId' | 'connectionId' | 'kind'> {
  connection: Pick<StoredConnection, 'id' | 'kind'>;
  /** The run that the entry belongs to instead, such as a manual one. */
  runId?: string;
}

/** Writes entries into the runs of the day; a run that is missing begins, and those of earlier days end. */
export async function writeDayLog(tx: EntityManager, day: TenantDay, entries: readonly DayEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const ofDay = entries.filter((entry) => entry.runId === undefined);
  const runs = await runsOfDay(
    tx,
    day,
    ofDay.map((entry) => entry.connection),
  );
  const rows = entries.map(({ connection, runId, ...entry }) =>
    toEntry(runId ?? runs.get(connection.id)!, day, connection, entry),
  );
  await appendLog(tx, rows, day.at);
}

/** The run of each connection's day, begun where it is missing. */
export async function runsOfDay(
  tx: EntityManager,
  day: TenantDay,
  connections: readonly DayEntry['connection'][],
): Promise<Map<string, string>> {
  const kinds = new Map(connections.map((connection) => [connection.id, connection]));
  const days = [...kinds.keys()].sort().map((connectionId) => ({ tenantId: day.tenantId, connectionId, localDate: day.today }));
  const known = await dayRunsOf(tx, days);
  const missing = days.filter(({ connectionId }) => !known.has(connectionId));
  for (const run of await startDayRuns(tx, missing, day.at)) await announceRun(tx, day, run, kinds.get(run.connectionId)!);
  return missing.length === 0 ? known : dayRunsOf(tx, days);
}

async function announceRun(tx: EntityManager, day: TenantDay, run: DayRun, connection: DayEntry['connection']): Promise<void> {
  const ended = await finishEarlierRuns(tx, run, day.at);
  const endings = ended.map((before) =>
    toEntry(before.id, day, connection, { code: 'RUN_FINISHED', message: `The run of ${before.localDate} is finished` }),
  );
  const message = `The run of ${day.today} has started; the billing period ends on ${day.periodId}`;
  const start = toEntry(run.id, day, connection, { code: 'RUN_STARTED', message, details: { periodId: day.periodId } });
  await appendLog(tx, [...endings, start], day.at);
  // What billing holds without a sku is read apart: the decision that began the run must not wait for it.
  const payload = { runId: run.id, connectionId: connection.id };
  await appendCommand(tx, 'control', { tenantId: day.tenantId, kind: 'day-run-begun', payload });
}

function toEntry(
  runId: string,
  day: TenantDay,
  connection: DayEntry['connection'],
  entry: Omit<DayEntry, 'connection' | 'runId'>,
): NewLogEntry {
  return { ...entry, runId, tenantId: day.tenantId, connectionId: connection.id, kind: connection.kind };
}
