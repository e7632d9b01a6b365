import { type QuantityChange, partitionOf, previewRequestsTopic, quantityChangesTopic } from '@trueup/contracts';
import { type AgreementLineRow, type StoredConnection, noteReleasedSteps, saveAgreementLines } from '@trueup/control';
import type { Trip } from '@trueup/domain';
import { type OutboxRow, appendOutbox } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { type DayEntry, writeDayLog } from '../log/day-log.js';
import type { TenantDay } from '../tenant-day.js';
import { type Delay, delayCandidates } from './delay-candidates.js';
import type { Candidate } from './draft-line.js';
import { type ReleaseOptions, draftLines } from './draft-lines.js';
import { followLowerings } from './follow-remaps.js';
import { storeCorrections } from './list-corrections.js';
import { judgeCandidates } from './judge-candidates.js';
import { delayCandidate, holdCandidate, releaseCandidate } from './release-candidate.js';
import { releasedParts } from './released-parts.js';

/** Decides agreement lines whose locks the transaction holds, and hands what is new to the outbox. Returns what is released. */
export async function releaseLines(
  tx: EntityManager,
  rows: readonly AgreementLineRow[],
  options: ReleaseOptions,
): Promise<QuantityChange[]> {
  if (rows.length === 0) return [];
  const { drafts, parts, remaps, guards } = await draftLines(tx, rows, options);
  const { day, runId, periodId } = options;
  const candidates = drafts.flatMap(({ candidate }) => candidate ?? []);
  const trips = await judgeCandidates(tx, candidates, guards, day);
  const delays = delayCandidates(candidates, day);
  const decisions = drafts.map((draft) => ({ ...draft, ...conclude(draft, { trips, delays }, day, runId) }));
  await saveAgreementLines(
    tx,
    decisions.map(({ row }) => row),
  );
  // What a run on an earlier period brings says nothing about days since.
  const whole = periodId === undefined ? decisions : [];
  await noteReleasedSteps(
    tx,
    whole.flatMap(({ row, change, candidate }) =>
      releasedParts({ row, isReleased: change !== undefined, parts: candidate?.parts ?? parts.get(keyOf(row)) ?? [] }),
    ),
  );
  await storeCorrections(
    tx,
    day,
    decisions.map(({ row, late }) => ({ row, late, parts: parts.get(keyOf(row)) ?? [] })),
  );
  await followLowerings(tx, whole, remaps);
  const changes = decisions.flatMap(({ change }) => change ?? []);
  const outgoing = decisions.flatMap(({ change, connection, row }) =>
    change && connection ? [toOutboxRow(change, connection.kind, row, options.traces)] : [],
  );
  await appendOutbox(tx, 'control', outgoing);
  await writeDayLog(
    tx,
    day,
    decisions.flatMap(({ before, row, connection }) => [
      ...holdEntry(before, row, connection, runId),
      ...delayEntry(before, row, connection, runId),
    ]),
  );
  return changes;
}

function conclude(
  { row, candidate }: { row: AgreementLineRow; candidate?: Candidate },
  { trips, delays }: { trips: ReadonlyMap<string, Trip>; delays: ReadonlyMap<string, Delay> },
  day: TenantDay,
  runId: string | undefined,
): { row: AgreementLineRow; change?: QuantityChange } {
  if (!candidate) return { row };
  const trip = trips.get(row.agreementLineKey);
  if (trip) return { row: holdCandidate(candidate, trip, day) };
  const delay = delays.get(row.agreementLineKey);
  return delay ? { row: delayCandidate(candidate, delay, day) } : releaseCandidate(candidate, day, runId);
}

/** The change as the outbox hands it to connectors of a kind. */
export function toOutboxRow(
  change: QuantityChange,
  kind: string,
  { isPreview }: Pick<AgreementLineRow, 'isPreview'>,
  traces?: ReleaseOptions['traces'],
): OutboxRow {
  const topic = isPreview ? previewRequestsTopic(kind) : quantityChangesTopic(kind);
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

/** A hold is logged when it begins, and in every run that meets it. */
function holdEntry(
  before: AgreementLineRow,
  row: AgreementLineRow,
  connection: StoredConnection | undefined,
  runId: string | undefined,
): DayEntry[] {
  if (!row.isBlocked || row.state !== 'held' || row.code === null || !connection) return [];
  const isKnown = before.isBlocked && before.code === row.code && before.heldHash === row.heldHash;
  if (isKnown && runId === undefined) return [];
  const { code, agreementLineKey, sku, message, billingIdentifier, steps } = row;
  const run = runId !== undefined && { runId };
  return [{ connection, ...run, code, agreementLineKey, sku, message: message ?? '', details: { billingIdentifier, steps } }];
}

/** A wait is logged when it begins, and in every run that meets it. */
function delayEntry(
  before: AgreementLineRow,
  row: AgreementLineRow,
  connection: StoredConnection | undefined,
  runId: string | undefined,
): DayEntry[] {
  const { waitsUntil, code, agreementLineKey, sku, message } = row;
  const isKnown = before.waitsUntil !== null && before.code === code;
  if (!connection || waitsUntil === null || code === null || (isKnown && runId === undefined)) return [];
  const details = { billingIdentifier: row.billingIdentifier, until: waitsUntil.toISOString() };
  const run = runId !== undefined && { runId };
  return [{ connection, ...run, level: 'Info', code, agreementLineKey, sku, message: message ?? '', details }];
}

export type { ReleaseOptions } from './draft-lines.js';

function keyOf(id: { connectionId: string; agreementLineKey: string }): string {
  return `${id.connectionId}/${id.agreementLineKey}`;
}
