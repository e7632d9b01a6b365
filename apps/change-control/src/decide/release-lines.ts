import { type QuantityChange, partitionOf, previewRequestsTopic, quantityChangesTopic } from '@trueup/contracts';
import { type AgreementLineRow, type StoredConnection, partsOfAgreementLines, saveAgreementLines } from '@trueup/control';
import { type OutboxRow, appendOutbox } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { type DayEntry, writeDayLog } from '../log/day-log.js';
import type { TenantDay } from '../tenant-day.js';
import { nextRelease } from './next-release.js';

export interface ReleaseOptions {
  connections: readonly StoredConnection[];
  day: TenantDay;
  isForced: boolean;
  /** The manual run that asks for it. */
  runId?: string;
  /** Trace headers of the target behind a line, by line key. */
  traces?: ReadonlyMap<string, Record<string, string>>;
}

/** Decides agreement lines whose locks the transaction holds, and hands what is new to the outbox. Returns what is released. */
export async function releaseLines(
  tx: EntityManager,
  rows: readonly AgreementLineRow[],
  options: ReleaseOptions,
): Promise<QuantityChange[]> {
  if (rows.length === 0) return [];
  const parts = Map.groupBy(await partsOfAgreementLines(tx, rows), (part) => keyOf(part));
  const connections = new Map(options.connections.map((connection) => [connection.id, connection]));
  const decisions = rows.map((row) => {
    const connection = connections.get(row.connectionId);
    const { day, isForced, runId } = options;
    return {
      before: row,
      connection,
      ...nextRelease({ row, parts: parts.get(keyOf(row)) ?? [], connection, day, isForced, runId }),
    };
  });
  await saveAgreementLines(
    tx,
    decisions.map(({ row }) => row),
  );
  const changes = decisions.flatMap(({ change }) => change ?? []);
  const outgoing = decisions.flatMap(({ change, connection, row }) =>
    change && connection ? [toOutboxRow(change, connection.kind, row, options.traces)] : [],
  );
  await appendOutbox(tx, 'control', outgoing);
  await writeDayLog(
    tx,
    options.day,
    decisions.flatMap(({ before, row, connection }) => claimEntry(before, row, connection)),
  );
  return changes;
}

function toOutboxRow(change: QuantityChange, kind: string, row: AgreementLineRow, traces: ReleaseOptions['traces']): OutboxRow {
  const topic = row.isPreview ? previewRequestsTopic(kind) : quantityChangesTopic(kind);
  const partitionBy = `${change.connectionId}/${change.account.billingIdentifier}`;
  const headers = change.parts.map((part) => traces?.get(part.lineKey)).find((found) => found !== undefined);
  return {
    topic,
    shard: partitionOf(topic, partitionBy),
    key: `${change.connectionId}/${change.agreementLineKey}`,
    partitionBy,
    value: JSON.stringify(change),
    ...(headers && { headers }),
  };
}

function claimEntry(before: AgreementLineRow, row: AgreementLineRow, connection: StoredConnection | undefined): DayEntry[] {
  if (row.code !== 'LINE_CLAIMED_TWICE' || before.code === row.code || !connection) return [];
  const { agreementLineKey, sku, message, billingIdentifier } = row;
  return [
    { connection, code: 'LINE_CLAIMED_TWICE', agreementLineKey, sku, message: message ?? '', details: { billingIdentifier } },
  ];
}

function keyOf(id: { connectionId: string; agreementLineKey: string }): string {
  return `${id.connectionId}/${id.agreementLineKey}`;
}
