import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentials, type ReplyBody, type SandboxUnderTest, startSandboxUnderTest } from '../../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeAll(async () => {
  const companies = Array.from({ length: 1100 }, (_, index) => ({ id: index + 1, companyName: `Company ${index + 1}` }));
  sandbox = await startSandboxUnderTest({ companies });
});

afterAll(() => sandbox.close());

const everything = { filter: [{ op: 'gt', field: 'id', value: 0 }] };

async function follow(url: string | null, method = 'POST', body: unknown = everything) {
  const headers = { ...credentials, 'content-type': 'application/json' };
  const reply = await fetch(String(url), { method, headers, ...(method === 'POST' ? { body: JSON.stringify(body) } : {}) });
  return { status: reply.status, body: (await reply.json()) as ReplyBody };
}

describe('paging', () => {
  it('passes through every record once, by POST, by id', async () => {
    const seen: unknown[] = [];
    let page = (await sandbox.api('POST', 'Companies/query', everything)).body;
    for (;;) {
      seen.push(...page.items.map(({ id }) => id));
      if (page.pageDetails.nextPageUrl === null) break;
      page = (await follow(page.pageDetails.nextPageUrl)).body;
    }
    expect(seen).toEqual(Array.from({ length: 1100 }, (_, index) => index + 1));
    expect(page.pageDetails).toMatchObject({ count: 100, requestCount: 500 });
  });

  it('names the page before', async () => {
    const first = (await sandbox.api('POST', 'Companies/query', everything)).body;
    const second = (await follow(first.pageDetails.nextPageUrl)).body;
    const back = (await follow(second.pageDetails.prevPageUrl)).body;
    expect(first.pageDetails.prevPageUrl).toBeNull();
    expect(back.items).toEqual(first.items);
  });

  it('answers 405 when a POSTed query is followed by GET', async () => {
    const { body } = await sandbox.api('POST', 'Companies/query', everything);
    const reply = await follow(body.pageDetails.nextPageUrl, 'GET');
    expect(reply.status).toBe(405);
    expect(reply.body).toEqual({ Message: "The requested resource does not support http method 'GET'." });
  });

  it('follows a GET query by GET', async () => {
    const search = encodeURIComponent(JSON.stringify(everything));
    const { body } = await sandbox.api('GET', `Companies/query?search=${search}`);
    const reply = await follow(body.pageDetails.nextPageUrl, 'GET');
    expect(reply.body.items[0]).toMatchObject({ id: 501 });
  });

  it('keeps the address under which it was called', async () => {
    const address = `${sandbox.url}/zone7/ATServicesRest/v1.0/Companies/query`;
    const { body } = await follow(address);
    expect(body.pageDetails.nextPageUrl).toMatch(`${address}/next?paging=`);
  });

  it('forgets all but the latest fifty pages', async () => {
    const { body } = await sandbox.api('POST', 'Companies/query', everything);
    for (let index = 0; index < 30; index += 1) await sandbox.api('POST', 'Companies/query', everything);
    expect((await follow(body.pageDetails.nextPageUrl)).status).toBe(500);
  });

  it('demands the id when more records match than a page holds', async () => {
    const query = { ...everything, includeFields: ['companyName'] };
    const { status, body } = await sandbox.api('POST', 'Companies/query', query);
    expect(status).toBe(500);
    expect(body.errors[0]).toContain('id');
  });
});
