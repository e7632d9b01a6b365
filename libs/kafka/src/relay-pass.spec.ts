import { LINE_TARGETS, OUTCOMES } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import { MemoryLog } from './memory-log.js';
import { relayPass, type RelayOutbox, type RelayRow } from './relay-pass.js';

/** An outbox of rows in memory; a pass that throws keeps its rows. */
class MemoryOutbox implements RelayOutbox {
  constructor(readonly rows: RelayRow[]) {}

  async passShards(publish: (rows: readonly RelayRow[]) => Promise<void>, limit = 10): Promise<number> {
    const taken = this.rows.slice(0, limit);
    if (taken.length > 0) await publish(taken);
    this.rows.splice(0, taken.length);
    return taken.length;
  }
}

const row = (topic: string, value: number): RelayRow => ({ topic, key: 'k', partitionBy: 'k', value: String(value) });
const rows = (count: number): RelayRow[] => Array.from({ length: count }, (_, i) => row(i % 2 ? LINE_TARGETS : OUTCOMES, i));
const valuesOf = (log: MemoryLog, topic: string): number[] => log.recordsOf(topic).map(({ value }) => Number(value));

describe('relayPass', () => {
  it('empties the outbox pass by pass, in the order of the rows of each topic', async () => {
    const log = new MemoryLog();
    const outbox = new MemoryOutbox(rows(40));
    const pass = relayPass({ outbox, publisher: log.publisher(), limit: 7 });
    let passes = 0;
    while ((await pass()) === 'busy') passes += 1;

    expect([passes, outbox.rows]).toEqual([6, []]);
    expect(valuesOf(log, OUTCOMES)).toEqual(Array.from({ length: 20 }, (_, i) => i * 2));
    expect(valuesOf(log, LINE_TARGETS)).toEqual(Array.from({ length: 20 }, (_, i) => i * 2 + 1));
  });

  it('says between acknowledgement and deletion that rows are published', async () => {
    const log = new MemoryLog();
    const outbox = new MemoryOutbox(rows(4));
    const seen: number[][] = [];
    const onPublished = (): void => void seen.push([valuesOf(log, OUTCOMES).length, outbox.rows.length]);
    await relayPass({ outbox, publisher: log.publisher(), onPublished })();
    expect(seen).toEqual([[2, 4]]);
  });

  it('looks again soon when others are passing what waits', async () => {
    const outbox: RelayOutbox = { passShards: () => Promise.resolve(null) };
    expect(await relayPass({ outbox, publisher: new MemoryLog().publisher() })()).toBe('soon');
  });

  it('keeps rows that the log did not take, for another pass', async () => {
    const log = new MemoryLog();
    log.breakDown(new Error('broker away'));
    const outbox = new MemoryOutbox(rows(4));
    const pass = relayPass({ outbox, publisher: log.publisher() });
    await expect(pass()).rejects.toThrow('did not take the records');
    const keptDuringOutage = outbox.rows.length;
    log.breakDown(null);
    await pass();

    expect(keptDuringOutage).toBe(4);
    expect(valuesOf(log, OUTCOMES)).toEqual([0, 2]);
  });
});
