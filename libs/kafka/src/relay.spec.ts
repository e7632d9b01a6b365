import { LINE_TARGETS, OUTCOMES } from '@trueup/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from './link-logger.js';
import { MemoryLog } from './memory-log.js';
import { type Relay, type RelayOutbox, type RelayRow, startRelay } from './relay.js';

/** An outbox of rows in memory; a pass that throws keeps its rows. */
class MemoryOutbox implements RelayOutbox {
  passes = 0;
  constructor(readonly rows: RelayRow[]) {}

  async passShards(publish: (rows: readonly RelayRow[]) => Promise<void>, limit = 10): Promise<number> {
    this.passes += 1;
    const taken = this.rows.slice(0, limit);
    if (taken.length > 0) await publish(taken);
    this.rows.splice(0, taken.length);
    return taken.length;
  }
}

const row = (topic: string, value: number): RelayRow => ({ topic, key: 'k', partitionBy: 'k', value: String(value) });
const rows = (count: number): RelayRow[] => Array.from({ length: count }, (_, i) => row(i % 2 ? LINE_TARGETS : OUTCOMES, i));
const tick = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const valuesOf = (log: MemoryLog, topic: string): number[] => log.recordsOf(topic).map(({ value }) => Number(value));

describe('the relay', () => {
  let relay: Relay | null = null;
  const start = (outbox: RelayOutbox, log: MemoryLog, pollMs = 10_000): Relay =>
    (relay = startRelay({ outbox, publisher: log.publisher(), logger: silentLogger, pollMs, limit: 7 }));

  afterEach(() => relay?.stop());

  it('empties the outbox pass by pass, in the order of the rows of each topic', async () => {
    const log = new MemoryLog();
    const outbox = new MemoryOutbox(rows(40));
    start(outbox, log);
    await tick(50);

    expect(outbox.rows).toEqual([]);
    expect(valuesOf(log, OUTCOMES)).toEqual(Array.from({ length: 20 }, (_, i) => i * 2));
    expect(valuesOf(log, LINE_TARGETS)).toEqual(Array.from({ length: 20 }, (_, i) => i * 2 + 1));
  });

  it('passes at once when woken', async () => {
    const log = new MemoryLog();
    const outbox = new MemoryOutbox([]);
    const started = start(outbox, log);
    await tick(20);
    outbox.rows.push(row(OUTCOMES, 1));
    started.wake();
    await tick(20);

    expect(valuesOf(log, OUTCOMES)).toEqual([1]);
  });

  it('looks by itself when nobody wakes it', async () => {
    const log = new MemoryLog();
    const outbox = new MemoryOutbox([]);
    start(outbox, log, 10);
    await tick(20);
    outbox.rows.push(row(OUTCOMES, 1));
    await tick(40);

    expect(valuesOf(log, OUTCOMES)).toEqual([1]);
  });

  it('keeps rows that the log did not take and tries them again', async () => {
    const log = new MemoryLog();
    log.breakDown(new Error('broker away'));
    const outbox = new MemoryOutbox(rows(4));
    start(outbox, log, 5);
    await tick(30);
    const keptDuringOutage = outbox.rows.length;
    log.breakDown(null);
    await tick(150);

    expect(keptDuringOutage).toBe(4);
    expect(valuesOf(log, OUTCOMES)).toEqual([0, 2]);
  });

  it('finishes the pass under way when stopped, and begins no other', async () => {
    const finished: string[] = [];
    const outbox: RelayOutbox = {
      passShards: async () => {
        await tick(30);
        finished.push('pass');
        return 1;
      },
    };
    const started = start(outbox, new MemoryLog());
    await tick(5);
    await started.stop();
    await tick(50);

    expect(finished).toEqual(['pass']);
  });
});
