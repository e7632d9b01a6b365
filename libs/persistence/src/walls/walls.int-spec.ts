import { startedPostgres, type StartedPostgres, wallFaults } from '@trueup/testing';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTenant, inTransaction, openDatabase, tenantCondition } from '../index.js';

class Tables1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table spec.thing (tenant_id text not null, id int, primary key (tenant_id, id))');
    await runner.query('create table spec.part (id int primary key, thing_id int not null)');
    await runner.query('create table spec.entry (tenant_id text not null, id int)');
    await runner.query('create table spec.nobodys (id int)');
  }
  async down(): Promise<void> {}
}

class Later1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table spec.later (tenant_id text not null, id int)');
  }
  async down(): Promise<void> {}
}

class Copies1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table spec.copy (tenant_id text not null, id int)');
    await runner.query('insert into spec.copy select tenant_id, id from spec.thing');
  }
  async down(): Promise<void> {}
}

const partOfThing = `exists (select 1 from spec.thing t where t.id = part.thing_id and ${tenantCondition('t.tenant_id')})`;
const schema = {
  name: 'spec',
  migrations: [Tables1700000000000],
  rowsOfTenant: { part: partOfThing },
  growingOnly: ['entry'],
};
const withCopies = { ...schema, migrations: [Tables1700000000000, Copies1700000000002] };
const withLater = { ...schema, migrations: [Tables1700000000000, Later1700000000001] };

let urls: StartedPostgres;
let owner: DataSource;
let worker: DataSource;
let app: DataSource;
const open = (url: string, more: object = {}): Promise<DataSource> =>
  openDatabase({ url, applicationName: 'spec', schemas: [], ...more });

beforeAll(async () => {
  urls = await startedPostgres();
  owner = await open(urls.url);
  worker = await open(urls.workerUrl, { ownerUrl: urls.url, schemas: [schema] });
  app = await open(urls.appUrl, { seesOneTenant: true, poolSize: 1 });
  await worker.query(`insert into spec.thing values ('a', 1), ('a', 2), ('b', 3)`);
  await worker.query('insert into spec.part values (10, 1), (30, 3)');
  await worker.query(`insert into spec.entry values ('a', 1)`);
});
afterAll(() => Promise.all([owner, worker, app].map((each) => each.destroy())));

describe('the role of one tenant', () => {
  it('sees the rows of its tenant alone, though the query names none', async () => {
    const seen = (tenant: string) => inTenant(tenant, () => app.query('select id from spec.thing order by id'));
    expect(await Promise.all([seen('a'), seen('b'), seen('c')])).toEqual([[{ id: 1 }, { id: 2 }], [{ id: 3 }], []]);
  });

  it('sees rows that say by another table whose they are', async () => {
    expect(await inTenant('b', () => app.query('select id from spec.part'))).toEqual([{ id: 30 }]);
  });

  it('neither writes, changes nor removes rows of another', async () => {
    const as = (sql: string) => inTenant('a', () => app.query(sql));
    await expect(as(`insert into spec.thing values ('b', 4)`)).rejects.toThrow('violates row-level security');
    await expect(as(`update spec.thing set tenant_id = 'b' where id = 1`)).rejects.toThrow('violates row-level security');
    await expect(as('insert into spec.part values (40, 3)')).rejects.toThrow('violates row-level security');
    expect(await as('delete from spec.thing where id = 3')).toEqual([[], 0]);
    expect(await worker.query('select count(*)::int as n from spec.thing')).toEqual([{ n: 3 }]);
  });

  it('is refused outside of a tenant, before anything reaches the database', async () => {
    await expect(app.query('select 1')).rejects.toThrow('outside of a tenant');
    await expect(async () => app.transaction(() => Promise.resolve())).rejects.toThrow('outside of a tenant');
  });

  it('reads nothing over a connection that nobody told its tenant, fresh or used', async () => {
    const raw = await open(urls.appUrl, { poolSize: 1 });
    await expect(raw.query('select id from spec.thing')).rejects.toThrow('app.tenant');
    await raw.query(`begin; select set_config('app.tenant', 'a', true); commit`);
    expect(await raw.query('select id from spec.thing')).toEqual([]);
    await raw.destroy();
  });

  it('takes no tenant over to the next user of a connection, whether its work succeeded or failed', async () => {
    const rest = () => app.createQueryRunner();
    for (const work of ['select 1', 'select 1/0']) {
      await inTenant('a', () => app.query(work)).catch(() => undefined); // that it fails is the point of the second
      await inTenant('a', () => inTransaction(app, (tx) => tx.query(work))).catch(() => undefined); // likewise
      const runner = rest();
      expect(await runner.query(`select current_setting('app.tenant') as tenant`)).toEqual([{ tenant: '' }]);
      await runner.release();
    }
  });

  it('keeps its tenant for a whole transaction', async () => {
    const ids = await inTenant('a', () =>
      inTransaction(app, async (tx) => {
        await tx.query(`insert into spec.thing values ('a', 5)`);
        const found = await tx.query<unknown[]>('select id from spec.thing');
        await tx.query('delete from spec.thing where id = 5');
        return found.length;
      }),
    );
    expect(ids).toBe(3);
  });

  it('names a tenant whose id is made to break out of a statement', async () => {
    const odd = `x', true); select set_config('app.tenant', 'a`;
    expect(await inTenant(odd, () => app.query(`select current_setting('app.tenant') as tenant`))).toEqual([{ tenant: odd }]);
  });

  it('may not touch a table that no wall stands before, nor make one', async () => {
    for (const sql of ['select * from spec.nobodys', 'select * from spec.migration', 'create table spec.mine (id int)'])
      await expect(inTenant('a', () => app.query(sql))).rejects.toThrow('permission denied');
  });
});

describe('the worker', () => {
  it('sees every tenant, and may not make tables or alter walls', async () => {
    expect(await worker.query('select count(*)::int as n from spec.thing')).toEqual([{ n: 3 }]);
    await expect(worker.query('create table spec.mine (id int)')).rejects.toThrow('permission denied');
    await expect(worker.query('alter table spec.thing disable row level security')).rejects.toThrow('must be owner');
  });

  it('adds to a table that only grows, and takes nothing back', async () => {
    await worker.query(`insert into spec.entry values ('b', 2)`);
    await expect(worker.query('update spec.entry set id = 9')).rejects.toThrow('permission denied');
    await expect(worker.query('delete from spec.entry')).rejects.toThrow('permission denied');
  });

  it('opens what its owner has migrated, and says so when something is missing', async () => {
    await (await open(urls.workerUrl, { schemas: [schema] })).destroy();
    await expect(open(urls.workerUrl, { schemas: [withLater] })).rejects.toThrow('permission denied');
  });
});

describe('an owner that is no superuser', () => {
  const isFree = async (url: string): Promise<boolean> => {
    const opened = await open(url);
    const found = await opened.query<unknown[]>('select 1 from spec.thing').catch(() => []); // walled: the tenant is not set
    await opened.destroy();
    return found.length > 0;
  };

  it('passes the walls as long as it does the daily work, too; later a migration of rows needs it to be a member of the worker', async () => {
    const own = await startedPostgres();
    const admin = await open(own.url);
    const name = new URL(own.url).pathname.slice(1);
    await admin.query(`create role "${name}" login password 'of-a-test'; alter database "${name}" owner to "${name}"`);
    const ownerUrl = own.url.replace(/\/\/[^@]*@/, `//${name}:of-a-test@`);
    await (await open(ownerUrl, { schemas: [schema] })).destroy();
    await admin.query(`insert into spec.thing values ('a', 1)`);
    const alone = await isFree(ownerUrl);
    await expect(isFree(own.workerUrl)).resolves.toBe(false);
    await (await open(own.workerUrl, { ownerUrl, schemas: [schema] })).destroy();
    expect([alone, await isFree(ownerUrl), await isFree(own.workerUrl)]).toEqual([true, false, true]);

    await expect(open(own.workerUrl, { ownerUrl, schemas: [withCopies] })).rejects.toThrow('app.tenant');
    await admin.query(`grant trueup_worker to "${name}"`);
    await (await open(own.workerUrl, { ownerUrl, schemas: [withCopies] })).destroy();
    expect(await admin.query('select id from spec.copy')).toEqual([{ id: 1 }]);
    await admin.destroy();
  });
});

describe('the walls', () => {
  it('stand before a table that a later migration makes', async () => {
    const later = await open(urls.workerUrl, { ownerUrl: urls.url, schemas: [withLater] });
    await later.query(`insert into spec.later values ('a', 1), ('b', 2)`);
    await later.destroy();
    expect(await inTenant('b', () => app.query('select id from spec.later'))).toEqual([{ id: 2 }]);
  });

  it('need no policy for an owner that no wall holds anyway', async () => {
    await (await open(urls.url, { schemas: [withLater] })).destroy();
    const passing = await owner.query(
      `select distinct rolname::text as role from pg_policy join pg_roles r on r.oid = any(polroles)
       where polrelid in ('spec.thing'::regclass, 'spec.later'::regclass)`,
    );
    expect(passing).toEqual([{ role: 'trueup_worker' }]);
  });

  it('have no fault, and are built again where somebody tore one down', async () => {
    expect(await wallFaults(urls.url, 'spec')).toEqual([]);
    await owner.query('alter table spec.thing disable row level security; drop policy one_tenant on spec.thing');
    expect(await wallFaults(urls.url, 'spec')).not.toEqual([]);
    await (await open(urls.workerUrl, { ownerUrl: urls.url, schemas: [withLater] })).destroy();
    expect(await wallFaults(urls.url, 'spec')).toEqual([]);
  });

  it.each([
    ['create table spec.bad (tenant_id text)', 'no row-level security'],
    ['alter table spec.thing no force row level security', 'thing has a tenant_id, but no force'],
    ['drop policy one_tenant on spec.thing', 'no policy of one tenant'],
    ['create policy open on spec.thing for select using (id > 0)', 'the policy open lets trueup_app through'],
    ['drop policy every_tenant on spec.thing', 'the worker is not let through on thing'],
    ['grant select on spec.nobodys to trueup_app', 'may SELECT nobodys, which no wall stands before'],
    ['create view spec.peek as select * from spec.thing', "the view peek reads with its owner's eyes"],
    ['alter table spec.thing owner to trueup_worker', 'thing belongs to trueup_worker'],
    ['grant create on schema spec to trueup_worker', 'may create in the schema spec'],
    ['alter role trueup_app bypassrls', 'role trueup_app may more than log in'],
    ['grant trueup_worker to trueup_app', 'role trueup_app is a member of trueup_worker'],
    ['alter default privileges in schema spec revoke all on tables from trueup_worker', 'are closed to trueup_worker'],
  ])('are found wanting after: %s', async (change, fault) => {
    const runner = owner.createQueryRunner();
    await runner.query('begin');
    await runner.query(change);
    const faults = await wallFaults((sql, given) => runner.query(sql, given), 'spec');
    await runner.query('rollback');
    await runner.release();
    expect(faults.join()).toContain(fault);
  });
});
