import { mark } from './filled-tenant.js';
import type { FilledTenant } from './filled-tenant.js';
import type { StartedApi } from './started-api.js';

/** Holds the filled tenant's line as change-control does when a connector found 12 where ours is 2. Answers the hold's id. */
export async function holdLine(api: StartedApi, filled: FilledTenant, code = 'DIFFERS_AT_START'): Promise<string> {
  const held = { steps: [{ from: '2026-03-01', quantity: '12' }], readAt: '2026-03-10T11:00:00Z' };
  const steps = [{ from: '2026-03-01', quantity: '2' }];
  await api.db.query('delete from control.hold_release');
  await api.db.query(
    `update control.agreement_line set state = 'held', code = $2, message = $6, version = version + 1, held = $3, steps = $4,
       writes_from = '2026-03-01', state_at = $5 where agreement_line_key = $1`,
    [filled.agreementLineKey, code, JSON.stringify(held), JSON.stringify(steps), api.now, `${mark} has 12`],
  );
  return (await api.call('/v1/holds')).body.data[0].id;
}
