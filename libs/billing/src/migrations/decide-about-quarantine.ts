import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = ['state', 'note', 'decided_by', 'decided_at', 'outcome'];

/** A person lets a quarantined record through the projector again, or discards it. The record itself is kept for good. */
export class DecideAboutQuarantine1795410000000 implements MigrationInterface {
  readonly name = 'DecideAboutQuarantine1795410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table billing.quarantine
         add column state text not null default 'waiting' check (state in ('waiting', 'releasing', 'released', 'discarded')),
         add column note text, add column decided_by jsonb, add column decided_at timestamptz,
         add column outcome text check (outcome in ('applied', 'duplicate'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table billing.quarantine ${COLUMNS.map((column) => `drop column ${column}`).join(', ')}`);
  }
}
