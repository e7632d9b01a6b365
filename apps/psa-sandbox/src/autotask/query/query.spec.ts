import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentials, type SandboxUnderTest, startSandboxUnderTest } from '../../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

const companies = [
  { id: 1, companyName: 'Acme North', companyNumber: 'A-1', parentCompanyID: null },
  { id: 2, companyName: 'Acme South', companyNumber: 'A-2', parentCompanyID: 1 },
  { id: 3, companyName: 'Borealis', companyNumber: null, isActive: false, userDefinedFields: [{ name: 'Code', value: 'BOR' }] },
  { id: 4, companyName: 'Cosmos', companyNumber: 'C-1', lastActivityDate: '2026-05-01' },
];

beforeAll(async () => {
  sandbox = await startSandboxUnderTest({ companies });
});

afterAll(() => sandbox.close());

async function ids(...filter: unknown[]) {
  const { body } = await sandbox.api('POST', 'Companies/query', { filter });
  return body.items?.map(({ id }) => id) ?? body.errors[0];
}

const condition = (op: string, field: string, value?: unknown) => ({ op, field, value });

describe('operators', () => {
  it.each([
    ['eq', 'companyName', 'ACME north', [1]],
    ['noteq', 'companyName', 'Acme North', [2, 3, 4]],
    ['gt', 'id', 3, [4]],
    ['gte', 'id', 3, [3, 4]],
    ['lt', 'id', 2, [1]],
    ['lte', 'id', 2, [1, 2]],
    ['beginsWith', 'companyName', 'acme', [1, 2]],
    ['endsWith', 'companyName', 'south', [2]],
    ['contains', 'companyName', 'os', [4]],
    ['exist', 'companyNumber', undefined, [1, 2, 4]],
    ['notExist', 'companyNumber', undefined, [3]],
    ['in', 'id', [1, 4, 99], [1, 4]],
    ['notIn', 'id', [1, 4], [2, 3]],
    ['eq', 'isActive', false, [3]],
    ['gte', 'lastActivityDate', '2026-05-01T00:00:00', [4]],
    ['lt', 'lastActivityDate', '2026-05-01', []],
  ])('%s %s %j', async (op, field, value, expected) => {
    expect(await ids(condition(op, field, value))).toEqual(expected);
  });
});

describe('groups', () => {
  it('ANDs top-level members', async () => {
    expect(await ids(condition('gt', 'id', 1), condition('beginsWith', 'companyName', 'a'))).toEqual([2]);
  });

  it('nests and/or', async () => {
    const names = { op: 'or', items: [condition('eq', 'id', 1), condition('eq', 'id', 2)] };
    expect(await ids({ op: 'and', items: [names, condition('endsWith', 'companyName', 'north')] })).toEqual([1]);
  });

  it('finds user-defined fields with the flag, and only one of them', async () => {
    const udf = { op: 'eq', field: 'Code', value: 'BOR', udf: true };
    expect(await ids(udf)).toEqual([3]);
    expect(await ids(udf, udf)).toContain('one user-defined field');
    expect(await ids({ ...udf, udf: false })).toBe('Unable to find Code in the Company Entity.');
  });
});

describe('the 500-OR rule', () => {
  const list = (length: number) => condition('in', 'id', [...Array(length).keys()]);

  it('takes 500 members', async () => {
    expect(await ids(list(500))).toEqual([1, 2, 3, 4]);
  });

  it('refuses 501, list members and OR groups together', async () => {
    const text = "Queries are limited to 500 or fewer 'OR' conditions";
    expect(await ids(list(501))).toBe(text);
    expect(await ids(list(499), { op: 'or', items: [condition('eq', 'id', 1), condition('eq', 'id', 2)] })).toBe(text);
  });
});

describe('refused queries', () => {
  it.each([
    [{}, 'Filter'],
    [{ filter: [] }, 'Filter'],
    [{ filter: [condition('eq', 'nonsense', 1)] }, 'Unable to find nonsense in the Company Entity.'],
    [{ filter: [condition('eq', 'id', '1')] }, 'Unexpected character encountered while parsing value: '],
    [{ filter: [condition('eq', 'companyName', 1)] }, 'Unexpected character encountered while parsing value: 1'],
    [{ filter: [condition('gt', 'lastActivityDate', 'soon')] }, 'Unexpected character encountered while parsing value'],
    [{ filter: [condition('like', 'id', 1)] }, 'like'],
    [{ maxRecords: 501, filter: [condition('gt', 'id', 0)] }, 'MaxRecords'],
    [{ includeFields: ['nonsense'], filter: [condition('gt', 'id', 0)] }, 'Unable to find nonsense in the Company Entity.'],
    ['{"filter":', 'Unexpected character encountered while parsing value'],
  ])('%j answers 500 and says %s', async (query, text) => {
    const { status, body } = await sandbox.api('POST', 'Companies/query', query);
    expect(status).toBe(500);
    expect(body.errors[0]).toContain(text);
  });
});

describe('answers', () => {
  it('shows the included fields alone, in camel case whatever the request wrote', async () => {
    const query = { INCLUDEFIELDS: ['ID', 'CompanyName'], FILTER: [condition('eq', 'ID', 4)] };
    const { body } = await sandbox.api('POST', 'Companies/query', query);
    expect(body.items).toEqual([{ id: 4, companyName: 'Cosmos' }]);
  });

  it('counts without showing', async () => {
    const { body } = await sandbox.api('POST', 'Companies/query/count', { filter: [condition('gt', 'id', 1)] });
    expect(body).toEqual({ queryCount: 3 });
  });

  it('answers a missing id with a null item', async () => {
    const { status, body } = await sandbox.api('GET', 'Companies/99');
    expect([status, body]).toEqual([200, { item: null }]);
  });

  it('takes the query in the URL of a GET up to 2,048 characters', async () => {
    const search = (name: string) => encodeURIComponent(JSON.stringify({ filter: [condition('noteq', 'companyName', name)] }));
    const short = await sandbox.api('GET', `Companies/query?search=${search('x')}`);
    const long = await sandbox.api('GET', `Companies/query?search=${search('x'.repeat(2048))}`, undefined, credentials);
    expect(short.body.items).toHaveLength(4);
    expect(long.status).toBe(404);
  });
});
