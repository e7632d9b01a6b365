import { createHash } from 'node:crypto';
import { type Quantity, type QuantityChange, canonicalJson, changeIdOf } from '@trueup/contracts';
import type { AgreementLinePart, AgreementLineRow, StoredConnection } from '@trueup/control';
import {
  type AdoptedOffset,
  agreementSchedule,
  closedThrough,
  offsetOn,
  scheduleFrom,
  type PartPeriod,
  sharedPeriods,
  startOfPeriodWith,
  writesFrom,
} from '@trueup/domain';
import type { TenantDay } from '../tenant-day.js';

/** What becomes of an agreement line when it is decided. */
export interface Decision {
  row: AgreementLineRow;
  /** Present when a new version goes out. */
  change?: QuantityChange;
}

export interface DecisionInput {
  row: AgreementLineRow;
  parts: readonly AgreementLinePart[];
  /** Absent when the connection was removed. */
  connection: StoredConnection | undefined;
  day: TenantDay;
  /** Release again though nothing differs: a new epoch. */
  isForced: boolean;
  /** The manual run that asks for it. */
  runId?: string;
}

/** Sums the parts and releases the next version when it differs from the last one, and nothing stands in its way. */
export function nextRelease(input: DecisionInput): Decision {
  const { row, parts, connection, day } = input;
  if (!connection || parts.every((part) => part.isLeft)) return { row: blocked(row, 'abandoned', null, null, day) };
  if (parts.some((part) => part.isClaimedTwice)) {
    return {
      row: blocked(row, 'held', 'LINE_CLAIMED_TWICE', 'Another agreement line claims the same units; neither is written', day),
    };
  }
  const summed = withSchedule(input, connection);
  if (summed.isExcluded) return { row: blocked(summed, 'excluded', null, null, day) };
  if (isNeverNeeded(summed, parts)) return { row: blocked(summed, 'abandoned', null, null, day) };
  const content = contentOf(summed, connection);
  const contentHash = createHash('sha256').update(canonicalJson(content)).digest('hex');
  const isWanted = input.isForced || row.isBlocked || row.version === 0 || row.contentHash !== contentHash;
  if (!isWanted || summed.writesFrom! > day.today) return { row: { ...summed, isBlocked: false } };
  return released(summed, input, connection, contentHash);
}

/** Nothing was released here, no line is billed here now, and none was in the time that counts. */
function isNeverNeeded(row: AgreementLineRow, parts: readonly AgreementLinePart[]): boolean {
  return row.version === 0 && !parts.some((part) => part.isCurrent) && row.steps.every((step) => step.quantity === '0');
}

function withSchedule({ row, parts, day }: DecisionInput, connection: StoredConnection): AgreementLineRow {
  const living = parts.filter((part) => !part.isLeft);
  const periods = sharedPeriods(living.map((part) => part.periods));
  const { prorate } = connection.settings;
  const first = writesFrom({
    ...{ liveFrom: day.liveFrom, mappedFrom: living.map((part) => part.mappedFrom) },
    ...{ adoptedFrom: row.adoptedFrom, resolvedFrom: row.resolvedFrom, confirmedThrough: row.confirmedThrough, periods, prorate },
  });
  const offsets = row.offsets.map((offset) => (prorate ? offset : inWholePeriods(offset, periods)));
  const steps = agreementSchedule(
    parts.map((part) => part.steps),
    { offsets, today: day.today },
  );
  return {
    ...row,
    offsetUnits: offsetOn(offsets, day.today),
    steps: scheduleFrom(steps, first),
    writesFrom: first,
    closedThrough: closedThrough(living.map((part) => part.periods)),
  };
}

/** Not prorating, an offset counts from the start of the period in which it begins, and up to that of the one in which it ends. */
function inWholePeriods(offset: AdoptedOffset, periods: readonly PartPeriod[]): AdoptedOffset {
  const { units, from, to } = offset;
  return {
    ...{ units, from: startOfPeriodWith(periods, from) },
    ...(to !== undefined && { to: startOfPeriodWith(periods, to) }),
  };
}

type Content = Pick<
  QuantityChange,
  'tenantId' | 'connectionId' | 'account' | 'agreementRef' | 'siteRef' | 'steps' | 'mayCreateLine' | 'prorate' | 'onDrift'
> & { productRef: string; writesFrom: string; planning: unknown };

/** All that the connector plans by. Timeouts and the like are no reason to look again. */
function contentOf(row: AgreementLineRow, { settings }: StoredConnection): Content {
  const { mayCreateLine, prorate, onDrift, dateAlignment, onPostedPeriod, sameDateChanges, companyMatch, skuField } = settings;
  return {
    ...identityOf(row),
    productRef: row.productRef,
    steps: row.steps,
    ...{ mayCreateLine, prorate, onDrift, writesFrom: row.writesFrom! },
    planning: { dateAlignment, onPostedPeriod, sameDateChanges, companyMatch, skuField },
  };
}

function identityOf(row: AgreementLineRow): Pick<Content, 'tenantId' | 'connectionId' | 'account' | 'agreementRef' | 'siteRef'> {
  return {
    tenantId: row.tenantId,
    connectionId: row.connectionId,
    account: { billingIdentifier: row.billingIdentifier },
    ...(row.agreementRef && { agreementRef: row.agreementRef }),
    ...(row.siteRef && { siteRef: row.siteRef }),
  };
}

function released(
  row: AgreementLineRow,
  { parts, day, runId }: DecisionInput,
  connection: StoredConnection,
  contentHash: string,
): Decision {
  const version = row.version + 1;
  const { mayCreateLine, prorate, onDrift } = connection.settings;
  const change: QuantityChange = {
    ...identityOf(row),
    changeId: changeIdOf(row.connectionId, row.agreementLineKey, version),
    epoch: connection.epoch,
    agreementLineKey: row.agreementLineKey,
    lineRef: row.lineRef,
    version,
    product: { ref: row.productRef, sku: row.sku },
    description: row.sku,
    steps: row.steps,
    parts: parts.map(({ lineKey, targetVersion, steps }) => ({ lineKey, targetVersion, quantity: lastLevel(steps) })),
    ...{ mayCreateLine, prorate, onDrift, writesFrom: row.writesFrom! },
    ...(runId !== undefined && { runId }),
    ...(row.acceptFound && { acceptFound: vouchedFor(row.acceptFound) }),
  };
  const isPreview = connection.mode !== 'auto';
  const acceptFound = row.acceptFound && { since: version, ...row.acceptFound };
  const release = { version, acceptFound, isPreview, releasedEpoch: connection.epoch, contentHash, change };
  const waiting = { state: 'pending', code: null, message: null, stateAt: day.at, isBlocked: false } as const;
  const noOutcome = { outcomeKind: null, outcomeIsFinal: false, deferredUntil: null };
  return { row: { ...row, ...release, ...waiting, ...noOutcome }, change };
}

function blocked(
  row: AgreementLineRow,
  state: AgreementLineRow['state'],
  code: AgreementLineRow['code'],
  message: string | null,
  day: TenantDay,
): AgreementLineRow {
  const isSame = row.isBlocked && row.state === state && row.code === code;
  return isSame ? row : { ...row, state, code, message, stateAt: day.at, isBlocked: true };
}

function vouchedFor({ steps, token }: NonNullable<AgreementLineRow['acceptFound']>): QuantityChange['acceptFound'] {
  return { steps, ...(token !== undefined && { token }) };
}

function lastLevel(steps: readonly { quantity: Quantity }[]): Quantity {
  return steps.at(-1)?.quantity ?? '0';
}
