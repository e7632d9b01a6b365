import type { ConnectionSettings, Http, HttpAnswer } from '@trueup/connector-sdk';
import { describe, expect, it } from 'vitest';
import { openSession } from './open-session.js';

const zone = { status: 200, headers: {}, text: '', body: { url: 'https://webservices5.autotask.net/ATServicesRest/' } };
const nothingThere = { status: 404, headers: {}, text: '', body: undefined };

/** Base address found with this configured one, and the addresses asked. */
async function openedAt(baseUrl: string | undefined, answer: HttpAnswer = zone, settings = {}): Promise<[string, string[]]> {
  const asked: string[] = [];
  const secret = (name: string) => ({ reveal: () => `${name}+value` }) as ReturnType<Http['secret']>;
  const get = (url: string) => Promise.resolve((asked.push(url), answer));
  const session = await openSession(settings as ConnectionSettings, { baseUrl, secret, get });
  expect(Object.keys(session.headers)).toEqual(['UserName', 'Secret', 'ApiIntegrationCode']);
  return [session.baseUrl, asked];
}

describe('the way into Autotask', () => {
  it('is discovered at the public host where nothing is configured', async () => {
    const [base, asked] = await openedAt(undefined);
    expect(base).toBe('https://webservices5.autotask.net/ATServicesRest/V1.0');
    expect(asked).toEqual(['https://webservices.autotask.net/atservicesrest/v1.0/zoneInformation?user=UserName%2Bvalue']);
  });

  it('is discovered at a configured host, for the zone user if there is one', async () => {
    const [, asked] = await openedAt('http://127.0.0.1:4000/', zone, { zoneUser: 'z@acme' });
    expect(asked).toEqual(['http://127.0.0.1:4000/atservicesrest/v1.0/zoneInformation?user=z%40acme']);
  });

  it.each([
    ['https://webservices5.autotask.net/ATServicesRest/', 'https://webservices5.autotask.net/ATServicesRest/V1.0'],
    ['https://webservices5.autotask.net/ATServicesRest/V1.0', 'https://webservices5.autotask.net/ATServicesRest/V1.0'],
    ['http://double/zone7/atservicesrest/v1.0/', 'http://double/zone7/atservicesrest/v1.0'],
  ])('is %s as it stands', async (configured, base) => {
    expect(await openedAt(configured)).toEqual([base, []]);
  });

  it('is the API of a host that knows no discovery', async () => {
    expect((await openedAt('http://double:4000', nothingThere))[0]).toBe('http://double:4000/ATServicesRest/V1.0');
  });

  it('is closed to an unknown user: the secrets are wrong, and nothing is tried again', async () => {
    const text = '{"errors":["Zone information could not be determined"]}';
    const unknown = { status: 500, headers: {}, text, body: JSON.parse(text) as unknown };
    await expect(openedAt(undefined, unknown)).rejects.toMatchObject({ wasClass: 'auth' });
  });
});
