import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `create schema if not exists access`,
  `create table access.tenant (
     id text primary key,
     name text not null,
     created_at timestamptz not null
   )`,
  `create table access.token (
     id text primary key,
     tenant_id text not null references access.tenant (id),
     label text not null,
     secret_hash bytea not null unique,
     prefix text not null,
     scopes text[] not null,
     reach jsonb not null,
     created_at timestamptz not null,
     expires_at timestamptz,
     last_used_at timestamptz
   )`,
  `create index token_tenant on access.token (tenant_id, id)`,
  `create table access.service_token (
     secret_hash bytea primary key,
     kind text not null,
     created_at timestamptz not null
   )`,
  `create index service_token_kind on access.service_token (kind)`,
  // One data key per connection, readable only together with the master key that wrapped it.
  `create table access.connection_key (
     tenant_id text not null references access.tenant (id),
     connection_id text not null,
     master_key_id text not null,
     wrapped_key bytea not null,
     created_at timestamptz not null,
     primary key (tenant_id, connection_id)
   )`,
  `create table access.connection_secret (
     tenant_id text not null,
     connection_id text not null,
     field text not null,
     sealed_value bytea not null,
     updated_at timestamptz not null,
     primary key (tenant_id, connection_id, field),
     foreign key (tenant_id, connection_id)
       references access.connection_key (tenant_id, connection_id) on delete cascade
   )`,
  `create table access.idempotent_answer (
     tenant_id text not null references access.tenant (id),
     route text not null,
     key text not null,
     fingerprint bytea not null,
     status integer,
     body jsonb,
     created_at timestamptz not null,
     primary key (tenant_id, route, key)
   )`,
];

/** The first shape of the schema: tenants, tokens, sealed secrets, remembered answers. */
export class CreateAccessTables1795392000000 implements MigrationInterface {
  readonly name = 'CreateAccessTables1795392000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema access cascade');
  }
}
