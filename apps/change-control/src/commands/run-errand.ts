import {
  type AgreementLineId,
  findConnection,
  linesThatMayBeWritten,
  listConnections,
  lockAgreementLines,
  lockLinesOfOlderEpoch,
  mappingsThatBegin,
  selectLines,
} from '@trueup/control';
import type { DataSource } from 'typeorm';
import { decideLines } from '../decide/decide-lines.js';
import { releaseLines } from '../decide/release-lines.js';
import { runsOfDay } from '../log/day-log.js';
import type { TenantDay } from '../tenant-day.js';
import { carryOutReleases, carryOutResolutions } from './carry-out-decisions.js';
import { carryOutRun } from './carry-out-run.js';
import type { Errand } from './merge-commands.js';
import { underSettings } from './settings-transaction.js';
import { tellSkuGaps } from './tell-sku-gaps.js';

const CHUNK = 500;
const BEFORE_ALL_DAYS = '0001-01-01';

/**
 * Carries out an errand in short transactions. Each decides by what is stored now, so a crash in between only means that the whole
 * errand is run again, and then nothing differs any more.
 */
export async function runErrand(database: DataSource, day: TenantDay, errand: Errand): Promise<void> {
  if (errand.daysAfter !== undefined) await startDay(database, day, errand);
  for (const [id, connectionId] of errand.begunRuns) await tellSkuGaps(database, day, { id, connectionId, customerCodes: null });
  const lineKeys = await linesOf(database, errand);
  for (let start = 0; start < lineKeys.length; start += CHUNK) {
    const chunk = lineKeys.slice(start, start + CHUNK);
    await underSettings(database, day, (tx) => decideLines(tx, day, chunk));
  }
  if (errand.resolutionIds.size > 0) await carryOutResolutions(database, day, [...errand.resolutionIds]);
  if (errand.holdIds.size > 0) await carryOutReleases(database, day, [...errand.holdIds]);
  for (const connectionId of [...errand.raisedConnections].sort()) await releaseOlderEpoch(database, day, connectionId);
  if (errand.agreementLines.size > 0) await decideAgain(database, day, [...errand.agreementLines.values()], false);
  if (errand.overdueLines.size > 0) await decideAgain(database, day, [...errand.overdueLines.values()], true);
  for (const runId of [...errand.runIds].sort()) await carryOutRun(database, day, runId);
}

async function linesOf(database: DataSource, errand: Errand): Promise<string[]> {
  const { tenantId, customerCodes, skus, changedConnections } = errand;
  if (errand.isEverythingConcerned) return selectLines(database, tenantId, {});
  const removed = await removedConnections(database, errand);
  const lists = [
    ...(customerCodes.size > 0 ? [await selectLines(database, tenantId, { payerCodes: [...customerCodes] })] : []),
    ...(skus.size > 0 ? [await selectLines(database, tenantId, { skus: [...skus] })] : []),
  ];
  for (const connectionId of [...changedConnections, ...removed])
    lists.push(await selectLines(database, tenantId, { connectionId }));
  return [...new Set(lists.flat())].sort();
}

/** Lines of a connection that is gone have to be left. */
async function removedConnections(database: DataSource, errand: Errand): Promise<string[]> {
  const found = await Promise.all(
    [...errand.raisedConnections].map(async (id) => ((await findConnection(database, errand.tenantId, id)) ? [] : [id])),
  );
  return found.flat();
}

/** Begins the day's runs, adds the mappings that begin with it, and releases what may be written from it on. */
async function startDay(database: DataSource, day: TenantDay, errand: Errand): Promise<void> {
  const days = { after: errand.daysAfter ?? BEFORE_ALL_DAYS, until: day.today };
  const begun = await mappingsThatBegin(database, day.tenantId, days);
  begun.customerCodes.forEach((code) => errand.customerCodes.add(code));
  begun.skus.forEach((sku) => errand.skus.add(sku));
  await underSettings(database, day, async (tx) => {
    const connections = await listConnections(tx, day.tenantId);
    await runsOfDay(tx, day, connections);
    const rows = await lockAgreementLines(tx, await linesThatMayBeWritten(tx, day.tenantId, days));
    await releaseLines(tx, rows, { connections, day, isForced: false });
  });
}

function decideAgain(database: DataSource, day: TenantDay, ids: readonly AgreementLineId[], isForced: boolean): Promise<unknown> {
  return underSettings(database, day, async (tx) => {
    const connections = await listConnections(tx, day.tenantId);
    return releaseLines(tx, await lockAgreementLines(tx, ids), { connections, day, isForced });
  });
}

async function releaseOlderEpoch(database: DataSource, day: TenantDay, connectionId: string): Promise<void> {
  let after = '';
  for (let isMore = true; isMore;) {
    const last = await underSettings(database, day, async (tx) => {
      const connections = await listConnections(tx, day.tenantId);
      const query = { tenantId: day.tenantId, connectionId, after, limit: CHUNK };
      const rows = await lockLinesOfOlderEpoch(tx, query);
      await releaseLines(tx, rows, { connections, day, isForced: true });
      return rows.length === CHUNK ? rows.at(-1)!.agreementLineKey : null;
    });
    isMore = last !== null;
    after = last ?? after;
  }
}
