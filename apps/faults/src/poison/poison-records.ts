import type { CloudEvent } from '@trueup/testing/product';

/** A record that no sender of ours would write, and what the quarantine must say of it. */
export interface Poison {
  what: string;
  key: string;
  headers: Record<string, string>;
  value: Buffer | null;
  /** A word of the reason that a person reads. */
  reason: RegExp;
}

/** Bad records under the key of a customer whose good events go on. `sound` is an event that counts already. */
export function poisonRecords(tenantId: string, foreignTenantId: string, sound: CloudEvent): Poison[] {
  const key = `${tenantId}/${sound.subject}`;
  const value = Buffer.from(JSON.stringify(sound.data));
  const headers = (id: string): Record<string, string> => headersOf(tenantId, { ...sound, id: `poison-${id}` });
  return [
    { what: 'invalid JSON', key, headers: headers('json'), value: Buffer.from('{"userCode":'), reason: /JSON/ },
    { what: 'wrong schema', key, headers: headers('schema'), value: Buffer.from('{"colour":"red"}'), reason: /colour|Code/ },
    { what: 'unknown type', key, headers: { ...headers('type'), ce_type: 'trueup.tea.served.v1' }, value, reason: /type/ },
    { what: 'tombstone', key, headers: headers('tombstone'), value: null, reason: /JSON/ },
    {
      what: 'known identity, other content',
      key,
      headers: headersOf(tenantId, sound),
      value: otherContent(sound),
      reason: /conflict/,
    },
    { what: 'wrong tenant', key, headers: { ...headers('tenant'), ce_tenantid: foreignTenantId }, value, reason: /another/ },
  ];
}

/** More than a broker takes by its default of 1 MB; where one takes it, it is no event either. */
export function hugeRecord(tenantId: string, sound: CloudEvent): Poison {
  const headers = headersOf(tenantId, { ...sound, id: 'poison-huge' });
  const value = Buffer.from(JSON.stringify({ ...sound.data, ballast: 'x'.repeat(5 * 1024 * 1024) }));
  return { what: '5 MB', key: `${tenantId}/${sound.subject}`, headers, value, reason: /ballast/ };
}

function otherContent({ data }: CloudEvent): Buffer {
  return Buffer.from(JSON.stringify({ ...data, userCode: 'somebody-else' }));
}

function headersOf(tenantId: string, event: CloudEvent): Record<string, string> {
  const { specversion, id, source, type, time, subject, actorid, actorname, actorkind } = event;
  const attributes = { specversion, id, source, type, time, subject, actorid, actorname, actorkind };
  const named = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    'content-type': 'application/json',
    ce_tenantid: tenantId,
    ce_recordedat: event.time,
    ...Object.fromEntries(named.map(([name, value]) => [`ce_${name}`, value])),
  };
}
