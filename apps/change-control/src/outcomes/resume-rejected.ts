import { FINAL_OUTCOMES, type Outcome } from '@trueup/contracts';
import type { AgreementLineRow } from '@trueup/control';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';

/** A rejected line is tried again every day, which a preview in its place has ended: it is released again. */
export async function resumeRejected(tx: EntityManager, row: AgreementLineRow, outcome: Outcome): Promise<void> {
  const isOfPreviewRun = outcome.version > row.version && outcome.version === row.previewedVersion;
  if (!isOfPreviewRun || row.outcomeKind !== 'rejected' || !FINAL_OUTCOMES.has(outcome.kind)) return;
  const { tenantId, connectionId, agreementLineKey } = row;
  await appendCommand(tx, 'control', { tenantId, kind: 'wait-over', payload: { connectionId, agreementLineKey } });
}
