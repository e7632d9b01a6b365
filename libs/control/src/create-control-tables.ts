import { commandDdl, outboxDdl, watermarkDdl } from '@trueup/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { agreementLineTables } from './tables/agreement-line-tables.js';
import { runTables } from './tables/run-tables.js';
import { settingsTables } from './tables/settings-tables.js';

const SCHEMA = 'control';

/** The first shape of the schema: settings, agreement lines, runs, commands, outbox, watermarks. */
export class CreateControlTables1795392000001 implements MigrationInterface {
  readonly name = 'CreateControlTables1795392000001';

  async up(runner: QueryRunner): Promise<void> {
    const platform = [...commandDdl(SCHEMA), ...outboxDdl(SCHEMA), ...watermarkDdl(SCHEMA)];
    for (const statement of [...settingsTables, ...agreementLineTables, ...runTables, ...platform]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema control cascade');
  }
}
