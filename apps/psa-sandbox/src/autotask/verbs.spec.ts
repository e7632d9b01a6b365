import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentials, type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeAll(async () => {
  sandbox = await startSandboxUnderTest();
});

afterAll(() => sandbox.close());

describe('the verb table', () => {
  it.each([
    ['GET', 'Contracts'],
    ['DELETE', 'Contracts/7001'],
    ['PATCH', 'Contracts/7001'],
    ['PUT', 'Contracts/7001'],
    ['DELETE', 'Companies/174'],
    ['POST', 'ContractServices'],
    ['PATCH', 'ContractServices'],
    ['DELETE', 'Contracts/7001/Services/9050'],
    ['DELETE', 'Contracts/7001/Services'],
    ['POST', 'ContractServiceUnits'],
    ['POST', 'Contracts/7001/ServiceUnits'],
    ['PATCH', 'Contracts/7001/ServiceUnits'],
    ['GET', 'Contracts/7001/ServiceAdjustments'],
    ['GET', 'ContractServiceAdjustments/1'],
    ['POST', 'ContractServiceAdjustments/query'],
    ['PATCH', 'ContractServiceAdjustments'],
    ['PUT', 'Contracts/7001/ServiceAdjustments'],
    ['DELETE', 'Services/412'],
    ['POST', 'zoneInformation'],
    ['POST', 'Companies/entityInformation/fields'],
  ])('%s %s answers 405 with the message of the framework', async (method, path) => {
    const { status, body } = await sandbox.api(method, path, method === 'GET' ? undefined : {});
    expect(status).toBe(405);
    expect(body).toEqual({ Message: `The requested resource does not support http method '${method}'.` });
  });

  it.each(['Nonsense', 'Contracts/7001/Nonsense', 'Contracts/abc', 'Companies/query/nonsense'])(
    'GET %s answers 404 with the message of the framework',
    async (path) => {
      const { status, body } = await sandbox.api('GET', path);
      expect(status).toBe(404);
      expect(body.Message).toContain('No HTTP resource was found');
    },
  );

  it('answers 415 to a body that claims to be no JSON', async () => {
    const headers = { ...credentials, 'content-type': 'text/plain' };
    const { status, body } = await sandbox.api('POST', 'Companies', 'x', headers);
    expect(status).toBe(415);
    expect(body.Message).toContain("media type 'text/plain'");
  });

  it('lists and reads children under their contract alone', async () => {
    const { body } = await sandbox.api('GET', 'Contracts/7001/Services');
    expect(body.items.map(({ id }) => id)).toEqual([9050]);
    expect((await sandbox.api('GET', 'Contracts/7001/ServiceUnits')).body.items).toHaveLength(12);
    expect((await sandbox.api('GET', 'Contracts/1/Services/9050')).body.item).toBeNull();
  });

  it('shows no field that the API lacks', async () => {
    const { body } = await sandbox.api('GET', 'Contracts/7001/ServiceUnits');
    expect(Object.keys(body.items[0]!)).not.toContain('rate');
    expect(Object.keys((await sandbox.api('GET', 'ContractServices/9050')).body.item!)).not.toContain('adjustedPrice');
  });
});
