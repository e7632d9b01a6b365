import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  // Part of the encryption's context from 1 on; 0 are keys from before there were versions.
  `alter table access.connection_key add column version integer not null default 0`,
  `create index connection_key_master on access.connection_key (master_key_id, tenant_id, connection_id)`,
  // After a rotation the new master key signs what the one before it had signed.
  `alter table access.audit_anchor drop constraint audit_anchor_pkey`,
  `alter table access.audit_anchor add primary key (tenant_id, seq, key_id)`,
];

/** Data keys that can be renewed, and anchors that outlive a master key. */
export class AddKeyVersions1796169600000 implements MigrationInterface {
  readonly name = 'AddKeyVersions1796169600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table access.audit_anchor drop constraint audit_anchor_pkey');
    await runner.query('alter table access.audit_anchor add primary key (tenant_id, seq)');
    await runner.query('drop index access.connection_key_master');
    await runner.query('alter table access.connection_key drop column version');
  }
}
