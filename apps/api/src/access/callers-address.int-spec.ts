import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';
import { networkOf } from './sign-in-limiter.js';

let api: StartedApi;
beforeAll(async () => {
  api = await StartedApi.start();
});
beforeEach(() => api.db.query('delete from access.sign_in_attempt'));
afterAll(() => api.stop());

const attempt = (forwarded: string, host = 'console.example.com') =>
  api.call('/v1/sessions', {
    method: 'POST',
    token: null,
    body: { email: 'nobody@acme.example', password: 'whatever it is' },
    headers: { 'x-forwarded-for': forwarded, 'x-forwarded-host': host, 'x-forwarded-proto': 'https' },
  });
const addresses = async () =>
  (await api.db.query<{ key: string }[]>(`select key from access.sign_in_attempt where key like 'address:%'`)).map(
    ({ key }) => key,
  );

describe("a caller's address", () => {
  it('is that of the connection while no proxy is trusted, whatever is forwarded', async () => {
    await api.restart({ trustedProxies: [] });
    await attempt('203.0.113.9');
    expect(await addresses()).toEqual(['address:127.0.0.1']);
  });

  it('is what a trusted proxy forwards', async () => {
    await api.restart({ trustedProxies: ['127.0.0.0/8'] });
    await attempt('203.0.113.9');
    expect(await addresses()).toEqual(['address:203.0.113.9']);
  });

  it('is the last one that no trusted proxy has: what the caller itself puts before is not believed', async () => {
    await api.restart({ trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
    await attempt('198.51.100.7, 203.0.113.9, 10.1.2.3');
    expect(await addresses()).toEqual(['address:203.0.113.9']);
  });

  it('is that of the connection when somebody else forwards', async () => {
    await api.restart({ trustedProxies: ['192.0.2.1'] });
    await attempt('203.0.113.9');
    expect(await addresses()).toEqual(['address:127.0.0.1']);
  });

  it('is counted over a whole IPv6 network', async () => {
    await api.restart({ trustedProxies: ['127.0.0.1'] });
    await attempt('2001:db8:1:2:3::4');
    await attempt('2001:0db8:0001:0002:ffff::1');
    expect(await addresses()).toEqual(['address:2001:db8:1:2::/64']);
  });

  it.each([
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['203.0.113.9', '203.0.113.9'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
