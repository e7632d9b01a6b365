import { FINAL_OUTCOMES, type Outcome } from '@trueup/contracts';
import {
  type AgreementLineRow,
  type StoredConnection,
  customersOfAgreementLines,
  endRunVersions,
  keepConfirmedSteps,
  listConnections,
  lockAgreementLines,
  noteDeliveredSteps,
  recordCheckAnswer,
  recordOutcomes,
  runVersionKey,
  runsOfVersions,
  saveAgreementLines,
  suspendConnection,
} from '@trueup/control';
import { zoneCalendar } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import { type DayEntry, writeDayLog } from '../log/day-log.js';
import { endRuns } from '../log/end-runs.js';
import type { TenantDay } from '../tenant-day.js';
import { adoptDrift } from './adopt-drift.js';
import { foldOutcome, isAsReleased, isOfKnownVersion } from './fold-outcome.js';
import { heldForHand } from './held-for-hand.js';
import { listShiftedDays } from './list-shifted-days.js';
import { recordLists } from './record-lists.js';
import { shiftEntries } from './shift-entries.js';
import { resumeRejected } from './resume-rejected.js';
import { followRefused, withoutRefused } from './settle-corrections.js';
import { settleRemaps } from './settle-remaps.js';
import { restoredEntries } from './restored-entries.js';
import { outcomeEntry } from './outcome-entry.js';

/** Applies one tenant's outcomes in their order. What was applied before, and what no release of ours asked for, changes nothing. */
export async function applyOutcomes(tx: EntityManager, day: TenantDay, received: readonly Outcome[]): Promise<void> {
  const connections = new Map((await listConnections(tx, day.tenantId)).map((connection) => [connection.id, connection]));
  const known = received.filter((outcome) => connections.has(outcome.connectionId));
  await recordChecks(tx, known);
  await recordLists(tx, known);
  const ofLines = known.filter((outcome) => outcome.kind !== 'checked' && outcome.kind !== 'listed');
  const rows = new Map((await lockAgreementLines(tx, ofLines)).map((row) => [keyOf(row), row]));
  const answers = ofLines.filter((outcome) => isAnswer(rows.get(keyOf(outcome)), outcome, day.tenantId));
  const fresh = await recordOutcomes(tx, answers, day.at);
  const folded = fold(rows, fresh, day, connections);
  await saveAgreementLines(tx, [...folded.values()]);
  for (const outcome of fresh)
    await adoptDrift(tx, day, folded.get(keyOf(outcome))!, outcome, connections.get(outcome.connectionId)!);
  const shifting = fresh.map((outcome) => ({ row: folded.get(keyOf(outcome))!, outcome }));
  await listShiftedDays(tx, shifting, day.at);
  for (const row of folded.values()) await keepConfirmed(tx, rows.get(keyOf(row))!, row);
  await noteDeliveredSteps(
    tx,
    [...folded.values()].filter((row) => isNewlyDelivered(rows.get(keyOf(row))!, row)),
  );
  for (const row of folded.values()) await followRefused(tx, rows.get(keyOf(row))!, row);
  for (const outcome of fresh) await resumeRejected(tx, folded.get(keyOf(outcome))!, outcome);
  await settleRemaps(tx, fresh);
  await suspendRefused(tx, day.tenantId, fresh, folded, connections);
  const runs = await runsOfVersions(tx, fresh);
  await writeDayLog(tx, day, await entriesOf(tx, fresh, folded, connections, runs));
  await endVersions(tx, day, fresh, runs);
}

function isAnswer(row: AgreementLineRow | undefined, outcome: Outcome, tenantId: string): boolean {
  return row !== undefined && row.tenantId === tenantId && isOfKnownVersion(row, outcome);
}

function fold(
  rows: ReadonlyMap<string, AgreementLineRow>,
  outcomes: readonly Outcome[],
  day: TenantDay,
  connections: ReadonlyMap<string, StoredConnection>,
): Map<string, AgreementLineRow> {
  const zone = zoneCalendar(day.timeZone);
  const dateOf = (instant: string): string => zone.localDateOf(Date.parse(instant));
  const folded = new Map<string, AgreementLineRow>();
  for (const outcome of outcomes) {
    const key = keyOf(outcome);
    const row = foldOutcome(folded.get(key) ?? rows.get(key)!, outcome, dateOf);
    folded.set(key, withoutRefused(heldForHand(row, outcome, connections.get(outcome.connectionId)!), outcome));
  }
  return folded;
}

/**
 * What was delivered in a period that is over stays as it was: whatever comes later is a correction. A version that carries corrections
 * says anew what was delivered in their periods.
 */
async function keepConfirmed(tx: EntityManager, before: AgreementLineRow, row: AgreementLineRow): Promise<void> {
  const through = row.confirmedThrough;
  if (through === null) return;
  const isJustDelivered = row.deliveredVersion !== before.deliveredVersion && row.deliveredVersion === row.version;
  const isAnew = isJustDelivered && isAsReleased(row) && row.change!.writesFrom < through;
  if (through === before.confirmedThrough && !isAnew) return;
  const { confirmedThrough } = before;
  const after = isAnew && confirmedThrough !== null ? earlierOf(row.change!.writesFrom, confirmedThrough) : confirmedThrough;
  await keepConfirmedSteps(tx, row, { after, through });
}

function earlierOf(a: string, b: string): string {
  return a < b ? a : b;
}

function isNewlyDelivered(before: AgreementLineRow, { version, deliveredVersion }: AgreementLineRow): boolean {
  return deliveredVersion === version && before.deliveredVersion !== version;
}

async function recordChecks(tx: EntityManager, outcomes: readonly Outcome[]): Promise<void> {
  for (const { kind, tenantId, connectionId, checkRequested, findings, at } of outcomes) {
    if (kind !== 'checked') continue;
    const answer = { tenantId, connectionId, number: checkRequested ?? 0, findings: findings ?? [], at: new Date(at) };
    await recordCheckAnswer(tx, answer);
  }
}

/** A refusal that an older epoch's secrets met says nothing about the new ones. */
async function suspendRefused(
  tx: EntityManager,
  tenantId: string,
  outcomes: readonly Outcome[],
  rows: ReadonlyMap<string, AgreementLineRow>,
  connections: ReadonlyMap<string, StoredConnection>,
): Promise<void> {
  for (const { connectionId, code, version, message, agreementLineKey } of outcomes) {
    const row = rows.get(keyOf({ connectionId, agreementLineKey }))!;
    const isCurrent = version === row.version && row.releasedEpoch === connections.get(connectionId)!.epoch;
    if (code === 'SECRETS_INVALID' && isCurrent) await suspendConnection(tx, tenantId, connectionId, message);
  }
}

async function entriesOf(
  tx: EntityManager,
  outcomes: readonly Outcome[],
  rows: ReadonlyMap<string, AgreementLineRow>,
  connections: ReadonlyMap<string, StoredConnection>,
  runs: ReadonlyMap<string, string>,
): Promise<DayEntry[]> {
  const customers = await customersOfAgreementLines(tx, outcomes);
  return outcomes.flatMap((outcome) => {
    const connection = connections.get(outcome.connectionId)!;
    const row = rows.get(keyOf(outcome))!;
    const concerned = customers.get(outcome.agreementLineKey) ?? [];
    const entry = outcomeEntry(row, outcome, connection, concerned, runs.get(runVersionKey(outcome)));
    return [entry, ...restoredEntries(row, outcome, entry), ...shiftEntries(row, outcome, entry)];
  });
}

/** A manual run ends with the last of its outcomes. */
async function endVersions(
  tx: EntityManager,
  day: TenantDay,
  outcomes: readonly Outcome[],
  runs: ReadonlyMap<string, string>,
): Promise<void> {
  const final = outcomes.filter((outcome) => runs.has(runVersionKey(outcome)) && endsItsVersion(outcome));
  if (final.length === 0) return;
  await endRunVersions(tx, final);
  await endRuns(tx, day, [...new Set(final.map((outcome) => runs.get(runVersionKey(outcome))!))].sort());
}

/** A preview that would wait for a day has said all that it can say now. */
function endsItsVersion({ kind, isPreview, until }: Outcome): boolean {
  return FINAL_OUTCOMES.has(kind) || (isPreview === true && until !== undefined);
}

function keyOf(id: { connectionId: string; agreementLineKey: string }): string {
  return `${id.connectionId}/${id.agreementLineKey}`;
}
