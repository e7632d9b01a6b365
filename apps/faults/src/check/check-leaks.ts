import type { History, SeenLine, SeenTenant } from './history.js';
import type { Finding } from './verdict.js';

/** Anything of one tenant that shows at another one. */
export function checkLeaks(history: History): Finding[] {
  return [
    ...storedLeaks(history),
    ...targetLeaks(history),
    ...changeLeaks(history),
    ...writeLeaks(history),
    ...probeLeaks(history),
  ];
}

const leak = (what: string): Finding => ({ kind: 'leaked', count: 1, what });

function storedLeaks({ tenants, stored }: History): Finding[] {
  return stored
    .filter(({ tenantId, mark }) => tenants.some((tenant) => tenant.mark === mark && tenant.tenantId !== tenantId))
    .map(({ tenantId, eventId, mark }) => leak(`event ${eventId} by ${mark} is in the store of ${tenantId}`));
}

function targetLeaks({ tenants, targets }: History): Finding[] {
  return targets.flatMap(({ key, tenantId, lineKey, marks }) => {
    const owner = tenants.find((tenant) => tenant.lines.some((line) => line.lineKey === lineKey));
    const foreign = marks.find((mark) => tenants.some((tenant) => tenant.mark === mark && tenant.tenantId !== tenantId));
    const isOwn = key.startsWith(`${tenantId}/`) && (owner === undefined || owner.tenantId === tenantId) && foreign === undefined;
    return isOwn
      ? []
      : [leak(`line target ${key} of ${tenantId} belongs to ${owner?.tenantId ?? 'nobody'}, by ${foreign ?? 'its own'}`)];
  });
}

function changeLeaks({ tenants, changes }: History): Finding[] {
  return changes.flatMap(({ key, tenantId, connectionId, account }) => {
    const tenant = tenants.find((each) => each.tenantId === tenantId);
    const isOwnAccount = tenant?.lines.some(({ contractId }) => String(contractId) === account) === true;
    const isOwn = tenant?.connectionId === connectionId && key.startsWith(`${connectionId}/`) && isOwnAccount;
    return isOwn ? [] : [leak(`quantity change ${key} of ${tenantId} is for account ${account} of ${connectionId}`)];
  });
}

function writeLeaks({ tenants, writes, effects }: History): Finding[] {
  const lineOf = (id: number): { tenant: SeenTenant; line: SeenLine } | undefined =>
    tenants.flatMap((tenant) => tenant.lines.map((line) => ({ tenant, line }))).find(({ line }) => line.contractServiceId === id);
  const written = writes
    .filter(({ connectionId, contractServiceId }) => {
      const owner = lineOf(contractServiceId)?.tenant;
      return owner !== undefined && owner.connectionId !== connectionId;
    })
    .map(({ connectionId, contractServiceId }) =>
      leak(`${connectionId} wrote the foreign contract service ${contractServiceId}`),
    );
  const crossed = effects
    .filter(({ contractId, contractServiceId }) => contractId !== (lineOf(contractServiceId)?.line.contractId ?? contractId))
    .map(({ contractId, contractServiceId }) =>
      leak(`contract ${contractId} was named for contract service ${contractServiceId}`),
    );
  return [...written, ...crossed];
}

function probeLeaks({ probes }: History): Finding[] {
  return probes
    .filter(({ status }) => status !== 404 && status !== 403)
    .map(({ asks, by, status }) => leak(`${by} asked for ${asks} of the other tenant and was answered ${status}`));
}
