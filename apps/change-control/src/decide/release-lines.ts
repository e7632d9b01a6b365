import { type QuantityChange, partitionOf, previewRequestsTopic, quantityChangesTopic } from '@trueup/contracts';
import {
  type AgreementLineRow,
  type Remap,
  type StoredConnection,
  listGuards,
  noteReleasedSteps,
  partsOfAgreementLines,
  remapsOf,
  saveAgreementLines,
} from '@trueup/control';
import type { Trip } from '@trueup/domain';
import { type OutboxRow, appendOutbox } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { type DayEntry, writeDayLog } from '../log/day-log.js';
import type { TenantDay } from '../tenant-day.js';
import { type Delay, delayCandidates } from './delay-candidates.js';
import { type Candidate, draftLine } from './draft-line.js';
import { followLowerings } from './follow-remaps.js';
import { storeCorrections } from './list-corrections.js';
import { judgeCandidates } from './judge-candidates.js';
import { delayCandidate, holdCandidate, releaseCandidate } from './release-candidate.js';
import { releasedParts } from './released-parts.js';

export interface ReleaseOptions {
  connections: readonly StoredConnection[];
  day: TenantDay;
  isForced: boolean;
  /** A person has just decided about these lines: guards have nothing against what that makes of them. */
  isLetThrough?: boolean;
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
  const { day, isForced, isLetThrough, runId } = options;
  const guards = await listGuards(tx, day.tenantId);
  const remaps = Map.groupBy(await remapsOf(tx, rows), ({ connectionId }) => connectionId);
  const drafts = rows.map((before) => {
    const connection = connections.get(before.connectionId);
    const known = { parts: parts.get(keyOf(before)) ?? [], remaps: remapsWith(before, remaps) };
    const draft = draftLine({ row: before, ...known, connection, guards, day, isForced });
    return { ...draft, before, connection, candidate: isLetThrough ? letThrough(draft.candidate) : draft.candidate };
  });
  const candidates = drafts.flatMap(({ candidate }) => candidate ?? []);
  const trips = await judgeCandidates(tx, candidates, guards, day);
  const delays = delayCandidates(candidates, day);
  const decisions = drafts.map((draft) => ({ ...draft, ...conclude(draft, { trips, delays }, day, runId) }));
  await saveAgreementLines(
    tx,
    decisions.map(({ row }) => row),
  );
  await noteReleasedSteps(
    tx,
    decisions.flatMap(({ row, change, candidate }) =>
      releasedParts({ row, isReleased: change !== undefined, parts: candidate?.parts ?? parts.get(keyOf(row)) ?? [] }),
    ),
  );
  await storeCorrections(
    tx,
    day,
    decisions.map(({ row, late }) => ({ row, late, parts: parts.get(keyOf(row)) ?? [] })),
  );
  await followLowerings(tx, decisions, [...remaps.values()].flat());
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

function remapsWith(row: AgreementLineRow, remaps: ReadonlyMap<string, Remap[]>): Remap[] {
  const ofConnection = remaps.get(row.connectionId) ?? [];
  return ofConnection.filter(({ fromKey, toKey }) => [fromKey, toKey].includes(row.agreementLineKey));
}

function letThrough(candidate: Candidate | undefined): Candidate | undefined {
  return candidate && { ...candidate, row: { ...candidate.row, allowedHash: candidate.contentHash } };
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

function keyOf(id: { connectionId: string; agreementLineKey: string }): string {
  return `${id.connectionId}/${id.agreementLineKey}`;
}
