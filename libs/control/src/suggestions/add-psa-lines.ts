import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the PSA bills, beside its accounts and products; null in lists of a connector that does not say. */
export class AddPsaLines1795405000000 implements MigrationInterface {
  readonly name = 'AddPsaLines1795405000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.psa_list_part add column lines jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table control.psa_list_part drop column lines');
  }
}
