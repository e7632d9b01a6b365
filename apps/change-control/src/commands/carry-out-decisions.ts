import {
  type AgreementLineRow,
  listConnections,
  lockAgreementLines,
  markReleasesApplied,
  markResolutionsApplied,
  pendingReleases,
  pendingResolutions,
} from '@trueup/control';
import type { DataSource, EntityManager } from 'typeorm';
import { releaseLines } from '../decide/release-lines.js';
import { resolveRow } from '../decide/resolve-row.js';
import type { TenantDay } from '../tenant-day.js';
import { underSettings } from './settings-transaction.js';

/** Carries out what people resolved: the lines concerned are released again by the new decision, or stay excluded. Once each. */
export function carryOutResolutions(database: DataSource, day: TenantDay, ids: readonly string[]): Promise<void> {
  return underSettings(database, day, async (tx) => {
    const pending = await pendingResolutions(tx, day.tenantId, ids);
    const rows = await lockAgreementLines(tx, pending);
    const resolved = rows.map((row) =>
      pending
        .filter((one) => one.connectionId === row.connectionId && one.agreementLineKey === row.agreementLineKey)
        .reduce((before, one) => resolveRow(before, one, day), row),
    );
    await releaseAgain(tx, day, resolved, true);
    await markResolutionsApplied(
      tx,
      pending.map(({ id }) => id),
      day.at,
    );
  });
}

/** Carries out what people let pass: what a guard held goes out as it was held, everything else is looked at again. Once each. */
export function carryOutReleases(database: DataSource, day: TenantDay, holdIds: readonly string[]): Promise<void> {
  return underSettings(database, day, async (tx) => {
    const pending = await pendingReleases(tx, day.tenantId, holdIds);
    const rows = await lockAgreementLines(tx, pending);
    await releaseAgain(
      tx,
      day,
      rows.map((row) => ({ ...row, allowedHash: row.heldHash })),
      false,
    );
    await markReleasesApplied(
      tx,
      pending.map(({ holdId }) => holdId),
      day.at,
    );
  });
}

async function releaseAgain(tx: EntityManager, day: TenantDay, rows: AgreementLineRow[], isLetThrough: boolean): Promise<void> {
  const connections = await listConnections(tx, day.tenantId);
  await releaseLines(tx, rows, { connections, day, isForced: true, isLetThrough });
}
