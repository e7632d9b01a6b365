import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `create table access.person (
     id text primary key,
     tenant_id text not null references access.tenant (id),
     email text not null,
     email_key text not null,
     name text not null,
     roles text[] not null,
     reach jsonb not null,
     password_hash text,
     created_at timestamptz not null,
     unique (tenant_id, email_key)
   )`,
  `create index person_email on access.person (email_key, id)`,
  // The one-time right to set a password; a new one takes the place of the last.
  `create table access.invitation (
     person_id text primary key references access.person (id) on delete cascade,
     secret_hash bytea not null unique,
     expires_at timestamptz not null
   )`,
  `create table access.session (
     id text primary key,
     person_id text not null references access.person (id) on delete cascade,
     secret_hash bytea not null unique,
     created_at timestamptz not null,
     expires_at timestamptz not null,
     last_used_at timestamptz not null
   )`,
  `create index session_person on access.session (person_id, id)`,
  `alter table access.token add column person_id text references access.person (id) on delete cascade`,
  `create index token_person on access.token (person_id) where person_id is not null`,
  // Sign-ins counted by person and by address, in the form that rate-limiter-flexible keeps.
  `create table access.sign_in_attempt (
     key varchar(255) primary key,
     points integer not null default 0,
     expire bigint
   )`,
];

/** People with roles, their invitations, sessions and tokens. */
export class AddPeopleTables1796083200000 implements MigrationInterface {
  readonly name = 'AddPeopleTables1796083200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table access.token drop column person_id');
    await runner.query('drop table access.sign_in_attempt, access.session, access.invitation, access.person');
  }
}
