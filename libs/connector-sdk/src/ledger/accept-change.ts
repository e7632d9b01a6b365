import { changeIdOf, type Outcome, type QuantityChange } from '@trueup/contracts';
import type { LineRow } from './line-row.js';

/** A change as it came: a tombstone has no `change`. */
export interface ArrivedChange {
  connectionId: string;
  key: string;
  change?: QuantityChange;
  isPreview: boolean;
}

/** How long changes of one line are gathered: `quietMs` after the last one, at most `longestMs` after the first. */
export interface Pace {
  quietMs: number;
  longestMs: number;
}

export interface Accepted {
  row: LineRow;
  superseded: Outcome[];
}

const MOST_SUPERSEDED = 100;

/** The line after a change arrived, and a final outcome for every version that this one replaces. Undefined: nothing new. */
export function acceptChange(row: LineRow | undefined, arrived: ArrivedChange, now: Date, pace: Pace): Accepted | undefined {
  const { change } = arrived;
  if (change === undefined) return row === undefined || row.isGone ? undefined : { row: gone(row), superseded: [] };
  if (row !== undefined && change.version <= row.version) return undefined;
  return { row: renewed(row, change, arrived, now, pace), superseded: replacedVersions(row, change, now) };
}

function gone(row: LineRow): LineRow {
  return { ...row, isGone: true, isDue: false, waitsOn: undefined };
}

function renewed(row: LineRow | undefined, change: QuantityChange, arrived: ArrivedChange, now: Date, pace: Pace): LineRow {
  const isGathering = row?.isDue === true && row.waitsOn === undefined;
  const firstDueAt = isGathering ? row.firstDueAt : now;
  const dueMs = Math.min(now.getTime() + pace.quietMs, firstDueAt.getTime() + pace.longestMs);
  return {
    tenantId: change.tenantId,
    connectionId: arrived.connectionId,
    key: arrived.key,
    account: change.account.billingIdentifier,
    version: change.version,
    changeId: change.changeId,
    isPreview: arrived.isPreview,
    change,
    isGone: false,
    isDue: true,
    dueAt: new Date(dueMs),
    firstDueAt,
    attempt: 0,
    baseline: row?.baseline,
    lastLevel: row?.lastLevel,
  };
}

/** Compaction, and the two topics, may hide versions: a gap was released too, and ends here. */
function replacedVersions(row: LineRow | undefined, change: QuantityChange, now: Date): Outcome[] {
  const oldest = row === undefined ? 1 : row.version + (row.finalKind === undefined ? 0 : 1);
  const from = Math.max(oldest, change.version - MOST_SUPERSEDED);
  return Array.from({ length: Math.max(0, change.version - from) }, (_, i) => supersededOutcome(change, from + i, now));
}

function supersededOutcome(change: QuantityChange, version: number, now: Date): Outcome {
  const { tenantId, connectionId, agreementLineKey } = change;
  return {
    tenantId,
    changeId: changeIdOf(connectionId, agreementLineKey, version),
    connectionId,
    agreementLineKey,
    version,
    kind: 'superseded',
    code: 'LINE_UNCHANGED',
    message: `Version ${change.version} replaces version ${version}`,
    at: now.toISOString(),
    attempt: 1,
  };
}
