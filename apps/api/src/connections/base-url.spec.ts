import { ADDRESS_FORMS, BROKEN_ADDRESSES } from '@trueup/testing';
import { describe, expect, it } from 'vitest';
import { baseUrlFault, isTestHost } from './base-url.js';

const testHosts = ['127.0.0.1', 'double.example.com:8443', '[::1]:9000'];

describe('the base URL of a connection', () => {
  it.each([
    'https://webservices5.autotask.net',
    'https://webservices5.autotask.net/atservicesrest/',
    'https://psa.msp-hosting.com:443/v1',
    'http://127.0.0.1:40001/x',
    'http://127.0.0.1',
    'https://double.example.com:8443',
    'http://[::1]:9000',
  ])('may be %s', (text) => {
    expect(baseUrlFault(text, testHosts)).toBeNull();
  });

  it.each([
    '',
    'autotask',
    'ftp://webservices5.autotask.net',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://webservices5.autotask.net',
    'https://webservices5.autotask.net:8443',
    'https://user:secret@webservices5.autotask.net',
    'https://127.0.0.1@webservices5.autotask.net',
    'https://webservices5.autotask.net#@127.0.0.1',
    'https://webservices5.autotask.net?x=1',
    'https://127.0.0.2',
    'https://2130706434',
    'https://0x7f000002',
    'https://0177.0.0.2',
    'https://127.2',
    'https://10.0.0.1',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:169.254.169.254]',
    'https://[fd00::1]',
    'https://[64:ff9b::7f00:1]',
    'https://localhost',
    'https://localhost.',
    'https://api.localhost',
    'https://metadata.google.internal',
    'https://printer.local',
    'https://intranet',
    'http://double.example.com:8444',
    'http://[::1]:9001',
    'https://１２７.0.0.2',
    'https://⑯⑨。254。169。254',
  ])('may not be %s', (text) => {
    expect(baseUrlFault(text, testHosts)).toEqual(expect.any(String));
  });

  it.each(ADDRESS_FORMS)('may not be an address of our own network: $what', ({ url }) => {
    const plain = url.replace('{port}', '443');
    const secure = plain.replace(/^(\s*)h\n?ttp/i, '$1https');
    const faults = [plain, secure, secure.replace(':443', '')].map((text) => baseUrlFault(text, []));
    expect(faults).toEqual(faults.map(() => expect.any(String)));
  });

  it.each(BROKEN_ADDRESSES)('may not be %j, which is no address', (text) => {
    expect(baseUrlFault(text, [])).toEqual(expect.any(String));
  });

  it('names a test host with and without its port', () => {
    const hosts = ['sandbox', 'other:81'];
    const matches = ['http://sandbox:5', 'http://other:81', 'http://other', 'http://sandbox.evil'].map((text) =>
      isTestHost(new URL(text), hosts),
    );
    expect(matches).toEqual([true, true, false, false]);
  });
});
