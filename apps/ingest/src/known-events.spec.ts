import { describe, expect, it } from 'vitest';
import { type EventIdentity, identityKey, KnownEvents } from './known-events.js';

const identity = (id: string): EventIdentity => ({ source: 's', id });

describe('the known events', () => {
  it('asks once for what many requests ask at the same time, per tenant', async () => {
    const questions: [string, string[]][] = [];
    const known = new KnownEvents((tenantId, identities) => {
      questions.push([tenantId, identities.map(({ id }) => id)]);
      return Promise.resolve(identities.map((each) => ({ ...each, fingerprint: `${tenantId}-${each.id}` })));
    });

    const answers = await Promise.all([
      known.find('a', [identity('1')]),
      known.find('b', [identity('1')]),
      known.find('a', [identity('2')]),
    ]);

    expect(questions).toEqual([
      ['a', ['1', '2']],
      ['b', ['1']],
    ]);
    expect(answers.map((answer) => answer.get(identityKey(identity('1'))))).toEqual(['a-1', 'b-1', 'a-1']);
  });

  it('does not let a later request wait for an answer to an earlier one, and gathers what comes while two are open', async () => {
    const open: { ids: string[]; answer: () => void }[] = [];
    const known = new KnownEvents((_tenant, identities) => {
      const { promise, resolve } = Promise.withResolvers<never[]>();
      open.push({ ids: identities.map(({ id }) => id), answer: () => resolve([]) });
      return promise;
    });
    const asked = [];
    for (const id of ['1', '2', '3', '4']) {
      asked.push(known.find('a', [identity(id)]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(open.map(({ ids }) => ids)).toEqual([['1'], ['2']]);
    open[1]!.answer();
    await asked[1];
    await new Promise((resolve) => setImmediate(resolve));
    for (const { answer } of open) answer();
    await Promise.all(asked);
    expect(open.map(({ ids }) => ids)).toEqual([['1'], ['2'], ['3', '4']]);
  });

  it('tells everybody who shared a failed question, and asks anew afterwards', async () => {
    let isAway = true;
    const known = new KnownEvents(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve([])));
    const failed = await Promise.allSettled([known.find('a', [identity('1')]), known.find('a', [identity('2')])]);
    isAway = false;

    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await known.find('a', [identity('1')])).toEqual(new Map());
  });
});
