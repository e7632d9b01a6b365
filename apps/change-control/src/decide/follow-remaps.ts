import type { QuantityChange } from '@trueup/contracts';
import { type AgreementLineRow, type Remap, noteLowering, noteTaken } from '@trueup/control';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { lowerings } from './remapped-parts.js';

interface Decided {
  row: AgreementLineRow;
  change?: QuantityChange;
}

/** Notes which versions let lines go. Where nothing has to be lowered any more, the new agreement lines go on at once. */
export async function followLowerings(tx: EntityManager, decisions: readonly Decided[], remaps: readonly Remap[]): Promise<void> {
  for (const { row, change } of decisions) {
    const own = lowerings(row, remaps);
    const isNotReleased = row.isBlocked || row.waitsUntil !== null || row.isPreview || row.version === 0;
    if (own.length === 0 || isNotReleased) continue;
    await noteLowering(
      tx,
      own.map(({ id }) => id),
      row.version,
    );
    if (change || row.deliveredVersion !== row.version) continue;
    for (const { id, movedFrom } of own) await noteTaken(tx, id, movedFrom);
    await followRemaps(tx, row.tenantId, own);
  }
}

/** Has the new agreement lines of these remaps decided again. */
export async function followRemaps(tx: EntityManager, tenantId: string, remaps: readonly Remap[]): Promise<void> {
  for (const { connectionId, toKey } of remaps) {
    const payload = { connectionId, agreementLineKey: toKey };
    await appendCommand(tx, 'control', { tenantId, kind: 'remap-moved', payload });
  }
}
