import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goldenState, type SandboxUnderTest, startSandboxUnderTest } from '../../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

const page = async (query = '') => {
  const reply = await fetch(`${sandbox.url}/_sandbox/${query}`);
  return { headers: reply.headers, text: (await reply.text()).replace(/\s+/g, ' ') };
};
const plain = (text: string) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('the page to watch', () => {
  it('shows contracts with units by date', async () => {
    await sandbox.adjust(3, '2026-07-13');
    const { text, headers } = await page();
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(plain(text)).toContain(
      'Acme Managed services 7001 Mailbox 412 9050 14 11 from 2026-07-01 14 from 2026-07-13 until 2027-06-30',
    );
  });

  it('shows the last effects, the newest first', async () => {
    await sandbox.adjust(3, '2026-07-13');
    await sandbox.adjust(1, '2026-07-14');
    const text = plain((await page()).text);
    expect(text).toContain('ServiceAdjustments');
    expect(text.indexOf('unitChange&quot;:1')).toBeLessThan(text.indexOf('unitChange&quot;:3'));
    expect(text).toContain('the whole state');
  });

  it('gives its script the part that changes alone', async () => {
    const { text } = await page('?part=main');
    expect(text).toContain('9050');
    expect(text).not.toContain('<html');
    const script = await fetch(`${sandbox.url}/_sandbox/page.js`);
    expect(script.headers.get('content-type')).toContain('javascript');
    expect((await page()).text).toContain('src="/_sandbox/page.js"');
  });

  it('finds lines by the words on them', async () => {
    expect((await page('?find=mailbox')).text).toContain('9050');
    expect((await page('?find=nothing')).text).not.toContain('9050');
  });

  it('lets nothing in a record or in the address become a tag', async () => {
    const companyName = `<script>alert("1")</script>`;
    await sandbox.admin('PATCH', 'state', { companies: [{ id: 174, companyName }] });
    await sandbox.api('PATCH', 'Companies', { id: 174, companyName: `<img src=x onerror='alert(1)'>` });
    const { text, headers } = await page(`?find=${encodeURIComponent('"><script>alert(2)</script>')}`);
    const shown = text + (await page()).text;
    expect(shown).not.toMatch(/<script>|<img/);
    expect(shown).toContain('&lt;img src=x onerror=&#39;alert(1)&#39;&gt;');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it('stays short with many lines', async () => {
    const contractServices = Array.from({ length: 230 }, (_, index) => ({
      id: index + 1,
      contractID: 7001,
      serviceID: 412,
      units: 1,
    }));
    await sandbox.admin('PUT', 'state', { ...goldenState, contractServices });
    expect((await page()).text).toContain('and 30 more');
  });

  it('is no call of the API', async () => {
    await page();
    expect(await sandbox.admin('GET', 'stats')).toMatchObject({ total: 0 });
  });
});
