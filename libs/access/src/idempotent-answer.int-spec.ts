import { inTransaction, openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { accessSchema } from './access-schema.js';
import { claimKey, keepAnswer } from './idempotent-answer.js';
import { createTenant } from './tenants.js';

const at = new Date('2026-03-01T10:00:00Z');
let db: DataSource;
let tenantId: string;

beforeAll(async () => {
  const { url } = await startedPostgres();
  db = await openDatabase({ url, applicationName: 'access-test', schemas: [accessSchema] });
  ({
    tenant: { id: tenantId },
  } = await createTenant(db, { name: 'Acme', createdAt: at }));
});
afterAll(() => db.destroy());

const request = (key: string, content = '{}') => ({ tenantId, route: 'POST /tokens', key, content, at });

describe('an idempotency key', () => {
  it('lets one of many concurrent requests work and hands its answer to the others', async () => {
    let works = 0;
    const post = () =>
      inTransaction(db, async (tx) => {
        const claim = await claimKey(tx, request('k-1'));
        if (claim.state !== 'first') return claim;
        works += 1;
        await keepAnswer(tx, request('k-1'), 201, { id: 'x' });
        return claim;
      });
    const claims = await Promise.all(Array.from({ length: 8 }, post));
    const repeats = claims.filter((claim) => claim.state === 'repeat');
    expect(works).toBe(1);
    expect(repeats).toEqual(Array(7).fill({ state: 'repeat', status: 201, body: { id: 'x' } }));
  });

  it('is free again when the work failed', async () => {
    await inTransaction(db, async (tx) => {
      await claimKey(tx, request('k-2'));
      throw new Error('refused');
    }).catch(() => undefined);
    expect(await claimKey(db, request('k-2'))).toEqual({ state: 'first' });
  });

  it('refuses another content', async () => {
    await claimKey(db, request('k-3', '{"a":1}'));
    await keepAnswer(db, request('k-3'), 201, {});
    expect(await claimKey(db, request('k-3', '{"a":2}'))).toEqual({ state: 'mismatch' });
  });

  it('is still running for who comes while the first request works on', async () => {
    const late = await inTransaction(db, async (tx) => {
      await claimKey(tx, request('k-4'));
      return inTransaction(db, (other) => claimKey(other, request('k-4')));
    });
    expect(late).toEqual({ state: 'running' });
  });
});
