import { commandDdl, outboxDdl, watermarkDdl } from '@trueup/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { settingTables } from './setting-tables.js';
import { truthTables } from './truth-tables.js';

const SCHEMA = 'billing';

/** The first shape of the schema: events kept for good, what they fold into, settings, and the way out. */
export class CreateBillingTables1795392100000 implements MigrationInterface {
  readonly name = 'CreateBillingTables1795392100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create schema if not exists ${SCHEMA}`);
    // Bytewise order: keyset pages, lock order and the order key must not depend on the database's locale.
    await runner.query(`create domain ${SCHEMA}.code as text collate "C"`);
    const platform = [...outboxDdl(SCHEMA), ...watermarkDdl(SCHEMA), ...commandDdl(SCHEMA)];
    for (const statement of [...truthTables, ...settingTables, ...platform]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema ${SCHEMA} cascade`);
  }
}
