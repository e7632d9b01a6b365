import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mappings that end with their units taken out of the PSA. */
export class AddZeroedEnds1795392000007 implements MigrationInterface {
  readonly name = 'AddZeroedEnds1795392000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['customer_mapping', 'product_mapping']) {
      await runner.query(`alter table control.${table} add column is_zeroed boolean not null default false`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['customer_mapping', 'product_mapping']) {
      await runner.query(`alter table control.${table} drop column is_zeroed`);
    }
  }
}
