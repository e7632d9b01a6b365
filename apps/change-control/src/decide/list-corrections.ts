import { createHash } from 'node:crypto';
import { canonicalJson } from '@trueup/contracts';
import { type AgreementLineRow, type ConfirmedPart, type LateCorrection, storeLateCorrections } from '@trueup/control';
import type { LateUnits } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import type { TenantDay } from '../tenant-day.js';
import type { Draft } from './draft-line.js';

export interface CorrectedLine {
  row: AgreementLineRow;
  parts: readonly ConfirmedPart[];
  late: Draft['late'];
}

/** Stores what late events changed in periods that the PSA has confirmed: as scheduled, or listed for a one-off charge or a person. */
export async function storeCorrections(tx: EntityManager, day: TenantDay, lines: readonly CorrectedLine[]): Promise<void> {
  const touched = lines.filter(({ parts }) => parts.some((part) => part.restated || part.confirmed));
  if (touched.length === 0) return;
  const corrections = touched.flatMap(({ row, late }) => [
    ...late.scheduled.map((units) => toCorrection(row, units, 'scheduled')),
    ...late.listed.map((units) => toCorrection(row, units, 'listed')),
  ]);
  await storeLateCorrections(
    tx,
    touched.map(({ row }) => row),
    corrections,
    day.at,
  );
}

function toCorrection(row: AgreementLineRow, late: LateUnits, state: LateCorrection['state']): LateCorrection {
  const { tenantId, connectionId, agreementLineKey, sku, billingIdentifier } = row;
  const { periodId, units, delivered, from, to } = late;
  return {
    ...{ tenantId, connectionId, agreementLineKey, periodId, units, from, to, state },
    id: `cor_${hashOf([connectionId, agreementLineKey, periodId, from, to, units, delivered])}`,
    message: `${signed(units)} of ${sku} in account ${billingIdentifier} from ${from} to before ${to}: known only after the period was billed`,
  };
}

function signed(units: string): string {
  return units.startsWith('-') ? units : `+${units}`;
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex').slice(0, 26);
}
