import { afterAll, describe, expect, it } from 'vitest';
import { HostBlocked, HostGuard } from './host-guard.js';
import { isPublicAddress } from './public-address.js';

const guard = new HostGuard({ hosts: ['*.autotask.net', 'api.example.com'], testHosts: ['127.0.0.1:4000', 'double.local'] });
afterAll(() => guard.stop());

const isAllowed = (url: string): boolean => {
  try {
    guard.dispatcherFor(new URL(url));
    return true;
  } catch (error) {
    if (error instanceof HostBlocked) return false;
    throw error;
  }
};

describe('the host guard', () => {
  it('lets the hosts of the manifest through, over https alone', () => {
    const urls = ['https://webservices5.autotask.net/x', 'https://api.example.com/', 'http://webservices5.autotask.net/'];
    expect(urls.map(isAllowed)).toEqual([true, true, false]);
  });

  it('lets listed test hosts through, with their port', () => {
    const urls = [
      'http://127.0.0.1:4000/',
      'http://127.0.0.1:4001/',
      'http://double.local/',
      'https://double.local:8443/',
      'ftp://double.local/',
    ];
    expect(urls.map(isAllowed)).toEqual([true, false, true, true, false]);
  });

  it.each([
    'https://autotask.net.evil.example/',
    'https://evilautotask.net/',
    'https://user:pass@webservices5.autotask.net/',
    'https://webservices5.autotask.net:8443/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/',
    'https://8.8.8.8/',
    'file:///etc/passwd',
  ])('blocks %s', (url) => {
    expect(isAllowed(url)).toBe(false);
  });
});

describe('public addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '64:ff9b::7f00:1',
    'not an address',
  ])('do not hold %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('hold %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});
