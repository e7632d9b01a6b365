import type { History, SeenTenant } from './history.js';
import type { Finding } from './verdict.js';

/** Every acknowledged event is in the store of its tenant; nothing is there that its sender never meant. */
export function checkEvents({ tenants, stored }: History): Finding[] {
  return tenants.flatMap((tenant) => {
    const own = stored.filter(({ tenantId, mark }) => tenantId === tenant.tenantId && mark === tenant.mark);
    return [...lostOf(tenant, new Set(own.map(({ eventId }) => eventId))), ...unexplainedOf(tenant, own)];
  });
}

function lostOf({ role, sent }: SeenTenant, stored: ReadonlySet<string>): Finding[] {
  return sent
    .filter(({ id, acknowledged }) => acknowledged > 0 && !stored.has(id))
    .map(({ id }) => ({ kind: 'lost', count: 1, what: `${role}: event ${id} was acknowledged and is not in the store` }));
}

function unexplainedOf({ role, sent }: SeenTenant, own: readonly { eventId: string }[]): Finding[] {
  const meant = new Set(sent.filter(({ attempts }) => attempts > 0).map(({ id }) => id));
  return own
    .filter(({ eventId }) => !meant.has(eventId))
    .map(({ eventId }) => ({ kind: 'unexplained', count: 1, what: `${role}: nobody sent the event ${eventId}` }));
}
