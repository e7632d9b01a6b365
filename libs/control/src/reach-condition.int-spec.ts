import { openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controlSchema } from './control-schema.js';
import { reachCondition } from './reach-condition.js';

let db: DataSource;
beforeAll(async () => {
  const { url } = await startedPostgres();
  db = await openDatabase({ url, applicationName: 'reach-test', schemas: [controlSchema] });
});
afterAll(() => db.destroy());

async function addLine(customerCode: string, resellerCode: string | null, updatedAt: string): Promise<void> {
  await db.query(
    `insert into control.line_part (line_key, tenant_id, customer_code, sku, reseller_code, payer_codes, target_version, target,
       is_undecided, updated_at) values ($1, 'ten', $2, 'SKU', $3, '{}', 1, '{}', false, $4)`,
    [`${customerCode} ${updatedAt}`, customerCode, resellerCode, updatedAt],
  );
}

/** The customers that a reseller sees. */
async function seenBy(resellerCode: string): Promise<string[]> {
  const parameters: unknown[] = [];
  const condition = reachCondition({ resellerCode }, { customer: 'p.customer_code', tenant: 'p.tenant_id' }, parameters);
  const rows = await db.query<{ code: string }[]>(
    `select distinct customer_code as code from control.line_part p where ${condition} order by 1`,
    parameters,
  );
  return rows.map(({ code }) => code);
}

describe("a reseller's reach", () => {
  it('ends with a customer that moved on, although lines that ended before keep the reseller of then', async () => {
    await addLine('stays', 'R1', '2026-03-01T00:00:00Z');
    await addLine('moved', 'R1', '2026-03-01T00:00:00Z');
    await addLine('moved', 'R2', '2026-03-02T00:00:00Z');
    await addLine('freed', 'R1', '2026-03-01T00:00:00Z');
    await addLine('freed', null, '2026-03-02T00:00:00Z');
    expect([await seenBy('R1'), await seenBy('R2')]).toEqual([['stays'], ['moved']]);
  });
});
