import type { MigrationInterface, QueryRunner } from 'typeorm';
import { closingTables } from './closing-tables.js';

const TABLES = ['operation', 'snapshot_line', 'snapshot_item', 'snapshot_customer', 'snapshot'];

/** Periods close: their items are frozen as snapshots, and what people ask for is followed as operations. */
export class ClosePeriods1795402800000 implements MigrationInterface {
  readonly name = 'ClosePeriods1795402800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of closingTables) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`drop table billing.${table}`);
    await runner.query('alter table billing.period drop column closing_since, drop column awaited_offsets');
  }
}
