import type { MigrationInterface, QueryRunner } from 'typeorm';
import { agreementLineDecisions, decisionTables, manualRunTables } from './tables/decision-tables.js';

/** What people decide about agreement lines: resolutions, holds, guards, corrections, manual runs. */
export class AddDecisionTables1795392000002 implements MigrationInterface {
  readonly name = 'AddDecisionTables1795392000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...decisionTables, ...agreementLineDecisions, ...manualRunTables]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = ['run_version', 'correction', 'guard', 'hold_release', 'resolution'];
    for (const table of tables) await runner.query(`drop table control.${table}`);
    await runner.query('alter table control.run drop column customer_codes, drop column actor');
    await runner.query(
      `alter table control.agreement_line drop column offsets, drop column resolved_from, drop column is_excluded,
         drop column accept_found, drop column held_hash, drop column allowed_hash, drop column tally, drop column run_id,
         add column offset_from date`,
    );
  }
}
