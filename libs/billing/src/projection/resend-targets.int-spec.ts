import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assigned, NOW, project, sentTargets, startedBilling, unassigned } from './projection.fixture.js';
import { resendTargets } from './resend-targets.js';

let database: DataSource;

beforeAll(async () => {
  database = await startedBilling();
});
afterAll(() => database.destroy());

const day = '2026-03-05T09:00:00Z';

describe('sending every line again', () => {
  it('says what was said last, under the next version, of every tenant', async () => {
    await project(database, 'ten_a', [assigned('1', day, 'C1', 'u1'), assigned('2', day, 'C1', 'u2')]);
    await project(database, 'ten_a', [assigned('3', day, 'C2', 'u1')]);
    await project(database, 'ten_b', [assigned('1', day, 'C1', 'u1')]);
    const [before, other] = [await sentTargets(database, 'ten_a'), await sentTargets(database, 'ten_b')];

    expect(await resendTargets(database, () => NOW)).toBe(3);

    const again = (await sentTargets(database, 'ten_a')).slice(before.length);
    const said = before.map(({ targetVersion, ...rest }) => ({ ...rest, targetVersion: targetVersion + 1 }));
    for (const one of again) {
      const { causes, causeCount, changed, endOfSet, ...content } = one;
      expect(said.find(({ lineKey }) => lineKey === one.lineKey)).toMatchObject(content);
      expect([causes, causeCount, endOfSet, changed.quantity]).toEqual([[], 0, true, changed.previousQuantity]);
    }
    expect([again.length, (await sentTargets(database, 'ten_b')).length]).toEqual([2, other.length + 1]);
  });

  it('leaves what comes next to be told as a change from the same content', async () => {
    await project(database, 'ten_c', [assigned('1', day, 'C1', 'u1'), assigned('2', day, 'C1', 'u2')]);
    await resendTargets(database, () => NOW);
    await project(database, 'ten_c', [unassigned('3', '2026-03-06T09:00:00Z', 'C1', 'u2')]);

    const targets = await sentTargets(database, 'ten_c');

    expect(targets.map(({ targetVersion }) => targetVersion)).toEqual([1, 2, 3]);
    expect(targets.at(-1)!.changed).toMatchObject({ previousQuantity: '2', quantity: '1' });
  });
});
