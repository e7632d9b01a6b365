import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentials, goldenState, type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

const zonePath = '/atservicesrest/v1.0/zoneInformation';
const anyCompany = { filter: [{ op: 'exist', field: 'id' }] };

async function get(path: string, headers: Record<string, string> = {}) {
  const reply = await fetch(`${sandbox.url}${path}`, { headers });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

describe('zone discovery', () => {
  it('needs no credentials and names another base than the discovery address', async () => {
    const { status, body } = await get(`${zonePath}?user=${encodeURIComponent(credentials.UserName)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ url: `${sandbox.url}/zone7/ATServicesRest/`, ci: 123456 });
  });

  it('answers 500 with the known text for an unknown user', async () => {
    const { status, body } = await get(`${zonePath}?user=nobody@example.com`);
    expect([status, body]).toEqual([500, { errors: ['Zone information could not be determined'] }]);
  });

  it('answers API calls under the zone and without it, in any case', async () => {
    const zoned = await get('/ZONE7/atservicesrest/V1.0/companies/174', credentials);
    const bare = await get('/V1.0/Companies/174', credentials);
    expect(zoned.body['item']).toEqual(bare.body['item']);
  });

  it('refuses calls outside the zone when the switch says so', async () => {
    await sandbox.admin('PATCH', 'state', { switches: { strictZone: true } });
    expect((await sandbox.api('GET', 'Companies/174')).status).toBe(401);
    expect((await get('/zone7/ATServicesRest/V1.0/Companies/174', credentials)).status).toBe(200);
  });

  it('names its version', async () => {
    expect((await get('/atservicesrest/versioninformation')).body).toEqual({ apiVersions: ['1.0'] });
  });
});

describe('signing in', () => {
  it('answers 401 without a body to a wrong secret', async () => {
    const { status, text } = await sandbox.api('POST', 'Companies/query', anyCompany, { ...credentials, Secret: 'wrong' });
    expect([status, text]).toEqual([401, '']);
  });

  it('answers 401 to missing headers', async () => {
    expect((await sandbox.api('POST', 'Companies/query', anyCompany, {})).status).toBe(401);
  });

  it('answers 500 to an unknown user', async () => {
    const headers = { ...credentials, UserName: 'nobody@example.com' };
    const { status, body } = await sandbox.api('POST', 'Companies/query', anyCompany, headers);
    expect([status, body.errors.length]).toEqual([500, 1]);
  });

  it('answers 500 to a wrong integration code', async () => {
    const headers = { ...credentials, ApiIntegrationCode: 'wrong' };
    const { status, body } = await sandbox.api('POST', 'Companies/query', anyCompany, headers);
    expect([status, body]).toEqual([500, { errors: ['IntegrationCode is invalid'] }]);
  });

  it('locks a user after as many bad secrets as the switch says', async () => {
    await sandbox.admin('PATCH', 'state', { switches: { lockAfterBadLogins: 2 } });
    const bad = { ...credentials, Secret: 'wrong' };
    await sandbox.api('GET', 'Companies/174', undefined, bad);
    await sandbox.api('GET', 'Companies/174', undefined, bad);
    expect((await sandbox.api('GET', 'Companies/174')).status).toBe(401);
  });
});

describe('a restricted user', () => {
  const restrict = (switches: object = {}) => {
    const [userName, secret, integrationCode] = Object.values(credentials);
    return sandbox.admin('PUT', 'state', {
      ...goldenState,
      switches,
      users: [{ userName, secret, integrationCode, restricted: true }],
    });
  };
  const info = async (entity: string) => (await get(`/V1.0/${entity}/entityInformation`, credentials)).body['info'];

  it('sees no contracts and no error', async () => {
    await restrict();
    expect((await sandbox.api('POST', 'Contracts/query', anyCompany)).body.items).toEqual([]);
    expect((await sandbox.api('POST', 'Contracts/query/count', anyCompany)).body.queryCount).toBe(0);
    expect((await sandbox.api('GET', 'ContractServices/9050')).body.item).toBeNull();
    expect((await sandbox.api('GET', 'Contracts/7001/ServiceUnits')).body.items).toEqual([]);
    expect((await sandbox.api('POST', 'Companies/query', anyCompany)).body.items).toHaveLength(1);
  });

  it('writes nothing to contracts', async () => {
    await restrict();
    expect((await sandbox.adjust(1, '2026-07-13')).status).toBe(500);
    expect((await sandbox.api('DELETE', 'Contracts/7001/Charges/1')).body.errors[0]).toContain('adequate permissions');
    expect(await sandbox.effects(2)).toEqual([]);
  });

  it('gets 403 in place of empty lists when the switch says so', async () => {
    await restrict({ restrictedAccess: 'forbidden' });
    const { status, body } = await sandbox.api('POST', 'Contracts/query', anyCompany);
    expect([status, body.Message]).toEqual([403, expect.stringContaining('Contract')]);
    expect((await sandbox.adjust(1, '2026-07-13')).status).toBe(403);
    expect((await sandbox.api('GET', 'Companies/174')).status).toBe(200);
  });

  it('is told by the metadata what the level allows', async () => {
    await restrict({ restrictedAccess: 'forbidden' });
    expect(await info('Contracts')).toMatchObject({ canQuery: false, canCreate: false, userAccessForQuery: 'None' });
    expect(await info('Companies')).toMatchObject({ canQuery: true, userAccessForQuery: 'All' });
  });
});

describe('metadata', () => {
  it('lists picklist values as texts, a status of the tenant among them', async () => {
    const { body } = await get('/ATServicesRest/V1.0/Contracts/entityInformation/fields', credentials);
    const fields = body['fields'] as { name: string; picklistValues: { value: string; label: string }[] | null }[];
    const labels = (name: string) => fields.find((field) => field.name === name)?.picklistValues?.map(({ label }) => label);
    const types = fields.find(({ name }) => name === 'contractType')?.picklistValues;
    expect(types).toContainEqual(expect.objectContaining({ value: '7', label: 'Recurring Service' }));
    expect(labels('status')).toContain('Awaiting Signature');
    const own = fields.find(({ name }) => name === 'status')?.picklistValues?.find(({ label }) => label === 'Awaiting Signature');
    expect(own).toMatchObject({ value: '1001', isSystem: false, isActive: true });
  });

  it('names the entity that a field refers to', async () => {
    const { body } = await get('/V1.0/ContractServices/entityInformation/fields', credentials);
    expect(body['fields']).toContainEqual(
      expect.objectContaining({ name: 'contractID', isReference: true, referenceEntityType: 'Contract' }),
    );
  });

  it('lists the user-defined fields that records have', async () => {
    const userDefinedFields = [{ name: 'Billing Identifier', value: 'ACME' }];
    await sandbox.admin('PATCH', 'state', { companies: [{ id: 174, companyName: 'Acme', userDefinedFields }] });
    const { body } = await get('/V1.0/Companies/entityInformation/userDefinedFields', credentials);
    expect(body['fields']).toMatchObject([{ name: 'Billing Identifier', dataType: 'string', isQueryable: true }]);
    expect((await get('/V1.0/Services/entityInformation/userDefinedFields', credentials)).body).toEqual({ fields: [] });
  });

  it('says which verbs an entity has', async () => {
    const { body } = await get('/ATServicesRest/V1.0/ContractServiceUnits/entityInformation', credentials);
    expect(body['info']).toMatchObject({ canQuery: true, canCreate: false, canUpdate: false, canDelete: false });
  });

  it('counts its own call in ThresholdInformation', async () => {
    const meter = () => get('/ATServicesRest/V1.0/ThresholdInformation', credentials);
    const first = (await meter()).body['currentTimeframeRequestCount'] as number;
    expect((await meter()).body).toEqual({
      externalRequestThreshold: 10_000,
      requestThresholdTimeframe: 60,
      currentTimeframeRequestCount: first + 1,
    });
  });
});
