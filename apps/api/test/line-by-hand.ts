import { agreementLineKeyOf, changeIdOf } from '@trueup/contracts';
import { ensureAgreementLines, recordOutcomes, writeParts } from '@trueup/control';
import { inTransaction } from '@trueup/persistence';
import { customerCode, mark } from './filled-tenant.js';
import type { FilledTenant } from './filled-tenant.js';
import type { StartedApi } from './started-api.js';

const steps = [{ from: '2026-03-01', quantity: '2' }];

/** A second agreement line of the filled tenant that a person must raise from 1 to 2, as a connector said. Answers the work item's id. */
export async function lineByHand(api: StartedApi, { connectionId, lineKey, sku }: FilledTenant): Promise<string> {
  const { tenantId } = api;
  const identity = { connectionId, billingIdentifier: mark, agreementRef: '', productRef: `${mark}-by-hand`, siteRef: '' };
  const agreementLineKey = agreementLineKeyOf(identity);
  const ofPeriod = steps.map((step) => ({ ...step, periodId: '2026-03-31' }));
  const flags = { isCurrent: true, isLeft: false, isClaimedTwice: false };
  const part = { connectionId, agreementLineKey, lineKey, tenantId, customerCode, targetVersion: 1, ...flags };
  await inTransaction(api.db, async (tx) => {
    await ensureAgreementLines(tx, [{ ...identity, agreementLineKey, tenantId, sku }]);
    await writeParts(tx, [{ ...part, mappedFrom: '2026-03-01', steps: ofPeriod, restated: null, periods: [] }]);
    await tx.query(
      `update control.agreement_line set state = 'manual', code = 'CAPABILITY_MISSING', message = $2, version = 1, outcome_version = 1,
         outcome_kind = 'manual', outcome_is_final = true, is_preview = false, is_blocked = false, steps = $3, held = $4,
         writes_from = '2026-03-01', state_at = $5 where agreement_line_key = $1`,
      [agreementLineKey, `${mark} is raised by hand alone`, JSON.stringify(steps), JSON.stringify(heldAt(api)), api.now],
    );
    await recordOutcomes(tx, [told(api, connectionId, agreementLineKey)], api.now);
  });
  return `wi_${agreementLineKey.slice(3)}_1`;
}

function heldAt({ now }: StartedApi) {
  return { steps: [{ from: '2026-03-01', quantity: '1' }], readAt: now.toISOString() };
}

function told(api: StartedApi, connectionId: string, agreementLineKey: string) {
  return {
    ...{ tenantId: api.tenantId, connectionId, agreementLineKey, version: 1, attempt: 1 },
    ...({ kind: 'manual', code: 'CAPABILITY_MISSING', message: `${mark} is raised by hand alone` } as const),
    changeId: changeIdOf(connectionId, agreementLineKey, 1),
    manual: { from: '1', to: '2', effectiveDate: '2026-03-05', recordIds: ['9051'] },
    held: heldAt(api),
    at: api.now.toISOString(),
  };
}
