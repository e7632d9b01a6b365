import { levelOn } from '@trueup/contracts';
import { raiseEpoch, setConnectionMode } from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { targetOf } from './target.model.js';

let world: ControlWorld;
beforeAll(async () => {
  world = await ControlWorld.started();
  await world.startReplica();
});
afterAll(() => world.stop());

const customers = Array.from({ length: 8 }, (_, index) => `C${index}`);
const accountOf = (customer: string): string => (customers.indexOf(customer) < 5 ? '7' : '8');

describe('two replicas', () => {
  it('agree on every sum while targets, mappings and epochs arrive at once', async () => {
    const connection = await world.connect(world.newTenant());
    const { id, tenantId } = connection;
    await world.mapProduct(connection);
    const levels = (customer: string, version: number): string => String(version * 10 + customers.indexOf(customer));
    const rounds = [1, 2, 3, 4, 5, 6].map(async (version) => {
      for (const customerCode of customers) {
        await world.publish(targetOf({ tenantId, customerCode }, version, [['2026-11-23', levels(customerCode, version)]]));
      }
    });
    const mappings = customers.map((customer) => world.mapCustomer(connection, customer, accountOf(customer)));
    const epochs = [1, 2, 3].map(() => world.tx((tx) => raiseEpoch(tx, tenantId, id, 'secrets')));
    await Promise.all([...rounds, ...mappings, ...epochs]);
    await world.settle();

    const byAccount = Map.groupBy(world.released(id), (change) => change.account.billingIdentifier);
    for (const account of ['7', '8']) {
      const changes = byAccount.get(account)!;
      const sum = customers
        .filter((customer) => accountOf(customer) === account)
        .reduce((total, customer) => total + Number(levels(customer, 6)), 0);
      expect(levelOn(changes.at(-1)!.steps, '2026-11-23')).toBe(String(sum));
      expect(changes.map((change) => change.version)).toEqual(changes.map((_, index) => index + 1));
    }
  });

  it('begin each day and each run once', async () => {
    const connection = await world.mappedTenant();
    await world.settle();
    const query = (sql: string) => world.database.query<{ count: string }[]>(sql, [connection.tenantId]);
    expect(await query('select count(*) from control.day_started where tenant_id = $1')).toEqual([{ count: '1' }]);
    expect(await query(`select count(*) from control.log_entry where tenant_id = $1 and code = 'RUN_STARTED'`)).toEqual([
      { count: '1' },
    ]);
  });

  it('strand no line when the mode steps down while targets arrive', async () => {
    const { id, tenantId } = await world.mappedTenant();
    const publishing = [1, 2, 3, 4, 5].map((version) =>
      world.publish(targetOf({ tenantId }, version, [['2026-11-23', String(version)]])),
    );
    const stepDown = world.tx((tx) => setConnectionMode(tx, tenantId, id, 'observe', world.days.at));
    const [change] = await Promise.all([stepDown, ...publishing]);
    await world.settle();
    const all = [...world.released(id), ...world.released(id, 'previews')];
    const last = all.reduce((newest, one) => (one.version > newest.version ? one : newest));
    expect(change).toMatchObject({ direction: 'down', connection: { epoch: last.epoch } });
    expect(last.steps[0]!.quantity).toBe('5');
    expect(world.released(id, 'previews').at(-1)).toEqual(last);
  });
});
