import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  // The last entry of each tenant: locked by whoever writes the next one.
  `create table access.audit_head (
     tenant_id text primary key references access.tenant (id),
     seq bigint not null,
     hash bytea not null
   )`,
  // `content` is what the hash covers, as text so that it stays as it was hashed; the columns before it only find it.
  `create table access.audit_entry (
     tenant_id text not null references access.tenant (id),
     seq bigint not null,
     at timestamptz not null,
     actor_id text not null,
     action text not null,
     content text not null,
     previous_hash bytea not null,
     hash bytea not null,
     primary key (tenant_id, seq)
   )`,
  `create index audit_entry_action on access.audit_entry (tenant_id, action, seq)`,
  `create index audit_entry_actor on access.audit_entry (tenant_id, actor_id, seq)`,
  // Where each chain stood, signed with a key that the database does not hold: shows that a tail is missing.
  `create table access.audit_anchor (
     tenant_id text not null references access.tenant (id),
     seq bigint not null,
     hash bytea not null,
     at timestamptz not null,
     key_id text not null,
     signature bytea not null,
     primary key (tenant_id, seq)
   )`,
  `create function access.refuse_audit_change() returns trigger language plpgsql as $$
   begin raise exception '% only grows: % is refused', tg_table_name, tg_op using errcode = '42501'; end $$`,
  ...['audit_entry', 'audit_anchor'].map(
    (table) => `create trigger ${table}_only_grows before update or delete or truncate on access.${table}
      for each statement execute function access.refuse_audit_change()`,
  ),
];

/** The audit chain: one per tenant, append-only, with signed anchors. */
export class AddAuditTables1795996800000 implements MigrationInterface {
  readonly name = 'AddAuditTables1795996800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table access.audit_anchor, access.audit_entry, access.audit_head');
    await runner.query('drop function access.refuse_audit_change');
  }
}
