import { createHash } from 'node:crypto';
import { canonicalJson } from '@trueup/contracts';
import {
  type AgreementLineRow,
  type ConfirmedPart,
  type LateCorrection,
  type StoredConnection,
  storeLateCorrections,
} from '@trueup/control';
import { lateUnits } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import type { TenantDay } from '../tenant-day.js';
import { firstDayOf } from './sum-parts.js';

export interface CorrectedLine {
  row: AgreementLineRow;
  parts: readonly ConfirmedPart[];
  connection: StoredConnection | undefined;
}

/** Lists what late events changed in periods that the PSA has confirmed, for a one-off charge or a person. */
export async function listLateCorrections(tx: EntityManager, day: TenantDay, lines: readonly CorrectedLine[]): Promise<void> {
  const touched = lines.filter(({ parts }) => parts.some((part) => part.restated || part.confirmed));
  if (touched.length === 0) return;
  const corrections = touched.flatMap((line) => correctionsOf(line, day));
  await storeLateCorrections(
    tx,
    touched.map(({ row }) => row),
    corrections,
    day.at,
  );
}

function correctionsOf({ row, parts, connection }: CorrectedLine, day: TenantDay): LateCorrection[] {
  if (!connection || row.isExcluded) return [];
  const first = firstDayOf({ row, parts, connection, day }, null);
  const { tenantId, connectionId, agreementLineKey, sku, billingIdentifier } = row;
  return lateUnits(parts, row.confirmedThrough)
    .filter(({ to }) => to > first)
    .map((late) => ({ ...late, from: late.from < first ? first : late.from }))
    .map((late) => ({
      ...{ tenantId, connectionId, agreementLineKey, ...late },
      id: `cor_${hashOf([connectionId, agreementLineKey, late.periodId, late.from, late.to, late.units])}`,
      message: `${signed(late.units)} of ${sku} in account ${billingIdentifier} from ${late.from} to before ${late.to}: known only after the period was billed`,
    }));
}

function signed(units: string): string {
  return units.startsWith('-') ? units : `+${units}`;
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex').slice(0, 26);
}
