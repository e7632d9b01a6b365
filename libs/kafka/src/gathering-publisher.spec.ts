import { PROVISIONING_EVENTS } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import { GatheringPublisher } from './gathering-publisher.js';
import type { PublisherOptions } from './log-publisher.js';
import type { OutRecord } from './log-record.js';
import type { PlacedRecord } from './placed-record.js';

const record = (value: string): OutRecord => ({ key: 'k', partitionBy: 'k', value });
const tick = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A log whose sends are answered by hand. */
class HeldLog {
  readonly sends: { values: string[]; resolve: () => void; reject: (error: Error) => void }[] = [];
  readonly publisher: GatheringPublisher;

  constructor(options: PublisherOptions = {}) {
    this.publisher = new GatheringPublisher(
      (records) => this.take(records),
      () => Promise.resolve(),
      options,
    );
  }

  publish(...values: string[]): Promise<string> {
    return this.publisher.publish(PROVISIONING_EVENTS, values.map(record)).then(
      () => 'taken',
      (error: { reason: string }) => error.reason,
    );
  }

  private take(records: readonly PlacedRecord[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.sends.push({ values: records.map(({ value }) => String(value).slice(0, 3)), resolve, reject });
    return promise;
  }
}

describe('the gathering publisher', () => {
  it('knows that the log takes nothing, until it takes something', async () => {
    const log = new HeldLog();
    const refused = log.publish('a');
    await tick();
    log.sends[0]!.reject(new Error('away'));
    await refused;
    await tick();
    const during = log.publisher.refusingMs();
    const taken = log.publish('b');
    await tick();
    log.sends[1]!.resolve();
    expect([during > 0, await taken, log.publisher.refusingMs()]).toEqual([true, 'taken', 0]);
  });

  it('gathers what arrives during a send into the next one, in order', async () => {
    const log = new HeldLog();
    const first = log.publish('a');
    await tick();
    const others = [log.publish('b', 'c'), log.publish('d')];
    await tick();
    const sendsBefore = log.sends.length;
    log.sends[0]!.resolve();
    await first;
    await tick();
    log.sends[1]!.resolve();

    expect(sendsBefore).toBe(1);
    expect(await Promise.all(others)).toEqual(['taken', 'taken']);
    expect(log.sends.map(({ values }) => values)).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('sends what arrives in one turn of the event loop together', async () => {
    const log = new HeldLog();
    const calls = [log.publish('a'), log.publish('b')];
    await tick();
    log.sends[0]!.resolve();

    expect(await Promise.all(calls)).toEqual(['taken', 'taken']);
    expect(log.sends).toHaveLength(1);
  });

  it('refuses everybody in a send that failed, and goes on', async () => {
    const log = new HeldLog();
    const failed = [log.publish('a'), log.publish('b')];
    await tick();
    log.sends[0]!.reject(new Error('not enough replicas'));
    expect(await Promise.all(failed)).toEqual(['broker', 'broker']);

    const next = log.publish('c');
    await tick();
    log.sends[1]!.resolve();

    expect(await next).toBe('taken');
  });

  it('answers within the bound and never sends later what it has refused', async () => {
    const log = new HeldLog({ maxWaitMs: 30 });
    const inFlight = log.publish('a');
    await tick();
    const waiting = log.publish('b');
    expect(await Promise.all([inFlight, waiting])).toEqual(['timeout', 'timeout']);

    log.sends[0]!.resolve();
    const next = log.publish('c');
    await tick();
    log.sends[1]!.resolve();

    expect(await next).toBe('taken');
    expect(log.sends.map(({ values }) => values)).toEqual([['a'], ['c']]);
  });

  it('begins no send while an earlier one is undecided, even after its caller gave up', async () => {
    const log = new HeldLog({ maxWaitMs: 10 });
    await log.publish('a');
    void log.publish('b');
    await tick(20);

    expect(log.sends).toHaveLength(1);
    log.sends[0]!.resolve();
  });

  it('refuses at once when too much waits', async () => {
    const log = new HeldLog({ maxWaitingRecords: 2 });
    const sent = log.publish('a');
    await tick();
    const waiting = log.publish('b', 'c');

    expect(await log.publish('d')).toBe('queue-full');
    for (const _ of [0, 1]) {
      log.sends.at(-1)!.resolve();
      await tick();
    }
    expect(await Promise.all([sent, waiting])).toEqual(['taken', 'taken']);
  });

  it('splits what the broker would refuse as too large, and keeps its order', async () => {
    const log = new HeldLog();
    const big = 'x'.repeat(400_000);
    const call = log.publish(`1${big}`, `2${big}`, `3${big}`);
    await tick();
    log.sends[0]!.resolve();
    await tick();
    log.sends[1]!.resolve();

    expect(await call).toBe('taken');
    expect(log.sends.map(({ values }) => values)).toEqual([['1xx', '2xx'], ['3xx']]);
  });

  it('refuses a record that no send can carry', async () => {
    const log = new HeldLog();

    expect(await log.publish('x'.repeat(1_000_000))).toBe('too-large');
    expect(log.sends).toHaveLength(0);
  });

  it('waits on stop for what was handed over, and refuses the rest', async () => {
    const log = new HeldLog();
    const call = log.publish('a');
    const stopping = log.publisher.stop();
    expect(await log.publish('b')).toBe('stopped');
    await tick();
    log.sends[0]!.resolve();
    await stopping;

    expect(await call).toBe('taken');
  });
});
