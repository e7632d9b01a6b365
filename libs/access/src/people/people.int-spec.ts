import { inTransaction, openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessSchema } from '../access-schema.js';
import { createTenant } from '../tenants.js';
import { TokenVerifier } from '../token-verifier.js';
import { createToken, listTokens } from '../tokens.js';
import { hashPassword } from './password-hash.js';
import { acceptInvitation, invite, setPassword, signIn } from './passwords.js';
import { createPerson, deletePerson, setRoles } from './people.js';
import type { Person } from './people.js';
import { SessionVerifier } from './session-verifier.js';
import { beginSession, endSession, listSessions } from './sessions.js';

const start = new Date('2026-03-01T10:00:00Z');
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
let db: DataSource;
let tenantId: string;
let person: Person;
let now: Date;
let count = 0;

beforeAll(async () => {
  const { url } = await startedPostgres();
  db = await openDatabase({ url, applicationName: 'people-test', schemas: [accessSchema] });
  tenantId = (await createTenant(db, { name: 'One', createdAt: start })).tenant.id;
});
afterAll(() => db.destroy());
beforeEach(async () => {
  now = start;
  person = await made(`ann${(count += 1)}@acme.example`);
});

async function made(email: string, inTenant = tenantId): Promise<Person> {
  const wanted = { tenantId: inTenant, email, name: 'Ann', roles: ['finance'], reach: 'tenant' as const, createdAt: start };
  return (await createPerson(db, wanted))!;
}

const verifier = () => new SessionVerifier(db, () => now);

describe('a person', () => {
  it('is one per e-mail and tenant, however it is written', async () => {
    const other = (await createTenant(db, { name: 'Two', createdAt: start })).tenant.id;
    const wanted = {
      tenantId,
      email: ` ${person.email.toUpperCase()}`,
      name: 'B',
      roles: [],
      reach: 'tenant' as const,
      createdAt: start,
    };
    expect(await createPerson(db, wanted)).toBeNull();
    expect(await made(person.email, other)).toMatchObject({ email: person.email, hasPassword: false });
  });

  it('sets a password by an invitation once, and not after three days', async () => {
    const { secret } = await invite(db, person.id, start);
    const accept = (at: Date) => inTransaction(db, (tx) => acceptInvitation(tx, secret, 'correct horse', at));
    expect(await accept(after(72 * 60))).toBeNull();
    expect(await accept(start)).toEqual({ personId: person.id, tenantId, name: 'Ann' });
    expect(await accept(start)).toBeNull();
    expect(await signIn(db, { email: person.email, password: 'correct horse' })).toMatchObject({ personId: person.id });
  });

  it('signs in with the right e-mail and password alone', async () => {
    const { email } = person;
    expect(await signIn(db, { email, password: 'correct horse' })).toBeNull();
    await setPassword(db, person.id, 'correct horse');
    expect(await signIn(db, { email, password: 'wrong horse' })).toBeNull();
    expect(await signIn(db, { email: 'nobody@acme.example', password: 'correct horse' })).toBeNull();
    expect(await signIn(db, { email: ` ${email.toUpperCase()} `, password: 'correct horse' })).toMatchObject({
      personId: person.id,
    });
  });

  it('has an outdated hash renewed when signing in', async () => {
    const cheap = await hashPassword('correct horse', { memory: 1024, passes: 1, parallelism: 1 });
    await db.query('update access.person set password_hash = $2 where id = $1', [person.id, cheap]);
    await signIn(db, { email: person.email, password: 'correct horse' });
    const [row] = await db.query('select password_hash from access.person where id = $1', [person.id]);
    expect(row.password_hash).toContain('$m=19456,t=2,p=1$');
    expect(await signIn(db, { email: person.email, password: 'correct horse' })).not.toBeNull();
  });

  it('with the same e-mail at two tenants signs in by the password, or by naming the tenant', async () => {
    const other = (await createTenant(db, { name: 'Three', createdAt: start })).tenant.id;
    const twin = await made(person.email, other);
    await setPassword(db, person.id, 'correct horse');
    await setPassword(db, twin.id, 'battery staple');
    const { email } = person;
    expect(await signIn(db, { email, password: 'battery staple' })).toMatchObject({ personId: twin.id });
    expect(await signIn(db, { email, password: 'battery staple', tenantId })).toBeNull();
  });
});

describe('a session', () => {
  it('stands for its person with the roles of the moment', async () => {
    const { secret, record } = await beginSession(db, person.id, now);
    const principal = await verifier().verify(secret);
    expect(principal).toMatchObject({
      tokenId: record.id,
      sessionId: record.id,
      tenantId,
      person: { id: person.id },
      reach: 'tenant',
    });
    expect(principal!.scopes.has('control:approve')).toBe(true);
    await setRoles(db, tenantId, person.id, { roles: ['desk'], reach: { resellerCode: 'R1' } });
    const narrowed = await verifier().verify(secret);
    expect([[...narrowed!.scopes], narrowed!.reach]).toEqual([['billing:read'], { resellerCode: 'R1' }]);
  });

  it('ends when it is left alone for half an hour, and lives on when it is used', async () => {
    const { secret } = await beginSession(db, person.id, now);
    now = after(29);
    expect(await verifier().verify(secret)).not.toBeNull();
    now = after(58);
    expect(await verifier().verify(secret)).not.toBeNull();
    now = after(88);
    expect(await verifier().verify(secret)).toBeNull();
  });

  it('ends after twelve hours, however busy', async () => {
    const { secret } = await beginSession(db, person.id, now);
    for (let minutes = 20; minutes < 720; minutes += 20) {
      now = after(minutes);
      expect(await verifier().verify(secret)).not.toBeNull();
    }
    now = after(720);
    expect(await verifier().verify(secret)).toBeNull();
  });

  it('ends within a second of its deletion, of a new password, and of the deletion of its person', async () => {
    const shared = verifier();
    const begin = async () => (await beginSession(db, person.id, now)).secret;
    const [byDeletion, byPassword] = [await beginSession(db, person.id, now), await begin()];
    const kept = await beginSession(db, person.id, now);
    for (const secret of [byDeletion.secret, byPassword, kept.secret]) expect(await shared.verify(secret)).not.toBeNull();
    expect(await endSession(db, person.id, byDeletion.record.id)).toBe(true);
    expect((await listSessions(db, person.id, now)).map(({ id }) => id)).not.toContain(byDeletion.record.id);
    await setPassword(db, person.id, 'correct horse', kept.record.id);
    await new Promise((resolve) => setTimeout(resolve, 550));
    const left = await Promise.all([byDeletion.secret, byPassword, kept.secret].map((secret) => shared.verify(secret)));
    expect(left.map((principal) => principal !== null)).toEqual([false, false, true]);
    await deletePerson(db, tenantId, person.id);
    expect(await verifier().verify(kept.secret)).toBeNull();
  });
});

describe("a person's token", () => {
  it('follows its roles, and ends with its person', async () => {
    const scopes = ['billing:read', 'mapping:write'];
    const token = { tenantId, personId: person.id, label: 'script', scopes, reach: 'tenant' as const, createdAt: start };
    const { secret, record } = await createToken(db, token);
    const verify = () => new TokenVerifier(db, () => now).verify(secret);
    expect(await verify()).toMatchObject({ person: { id: person.id, name: 'Ann' }, scopes: new Set(scopes) });
    await setRoles(db, tenantId, person.id, { roles: ['desk'], reach: { customerCodes: ['C'] } });
    expect(await verify()).toMatchObject({ scopes: new Set(['billing:read']), reach: { customerCodes: ['C'] } });
    await deletePerson(db, tenantId, person.id);
    expect(await verify()).toBeNull();
    expect((await listTokens(db, tenantId, { limit: 100 })).map(({ id }) => id)).not.toContain(record.id);
  });
});
