import type { Outcome, PsaListPart, QuantityChange } from '@trueup/contracts';
import { findPsaLists, listProgress, requestLists } from '@trueup/control';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControlWorld } from '../control-world.model.js';
import { targetOf } from '../target.model.js';

let world: ControlWorld;
let connectionId: string;
let tenantId: string;
let change: QuantityChange;
beforeAll(async () => {
  world = await ControlWorld.started();
});
afterAll(() => world.stop());
beforeEach(async () => {
  ({ id: connectionId, tenantId } = await world.mappedTenant('auto', {}));
  await world.decide(targetOf({ tenantId }, 1, [['2026-11-23', '4']]));
  change = { ...world.released(connectionId, 'changes')[0]!, agreementLineKey: '', version: 0 };
});

const entry = (ref: string) => ({ ref, name: `Name ${ref}` });
const readAt = '2026-11-23T10:00:00.000Z';
const part = (i: number, parts: number, ...refs: string[]): PsaListPart => {
  return { part: i, parts, readAt, accounts: refs.map(entry), products: [] };
};
const listed = (listRequested: number, more: Partial<Outcome>) =>
  world.answer(change, 'listed', { listRequested, code: 'LINE_UNCHANGED', ...more });
const known = async () => (await findPsaLists(world.database, tenantId, connectionId))?.accounts.map((each) => each.ref);
const progress = () => listProgress(world.database, tenantId, connectionId);

describe("a PSA's lists", () => {
  it('are known when their last part has come, in whatever order and however often', async () => {
    const number = (await requestLists(world.database, tenantId, connectionId))!;
    await listed(number, { list: part(2, 2, 'b') });
    expect([await known(), await progress()]).toEqual([undefined, { requested: 1, answered: 0, problem: null }]);
    await listed(number, { list: part(2, 2, 'b') });
    await listed(number, { list: part(1, 2, 'a') });
    expect([await known(), await progress()]).toEqual([['a', 'b'], { requested: 1, answered: 1, problem: null }]);
  });

  it('are replaced as a whole by newer ones, and older answers that come late change nothing', async () => {
    await listed(1, { list: part(1, 1, 'a') });
    await listed(2, { list: part(1, 2, 'x') });
    expect(await known()).toEqual(['a']);
    await listed(2, { list: part(2, 2, 'y') });
    await listed(1, { list: part(1, 1, 'a') });
    expect(await known()).toEqual(['x', 'y']);
  });

  it('stay as they were when the PSA cannot be asked, and the reason is kept', async () => {
    await listed(1, { list: part(1, 1, 'a') });
    await listed(2, { code: 'SECRETS_INVALID', message: 'no' });
    const problem = { code: 'SECRETS_INVALID', message: 'no' };
    expect([await known(), await progress()]).toEqual([['a'], { requested: 0, answered: 2, problem }]);
  });
});
