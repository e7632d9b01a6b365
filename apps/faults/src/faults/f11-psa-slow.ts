import { shuffled, until } from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';
import { OwnPsa, type PsaCall, type PsaFault } from '../psa/own-psa.js';
import { joinsOf, metricOf } from '../psa/service-metrics.js';
import { underLoad } from '../psa/under-load.js';

const SLOW_MS = 20_000;
const READ_DEADLINE_MS = 3_000;
const WRITE_DEADLINE_MS = 4_000;
/** A slow PSA may execute long after we have given up: it must not count as "not executed" before. */
const SETTLE_MS = 25_000;
/** What a busy machine adds to a deadline. */
const SLACK_MS = 2_000;
const EVENTS_PER_SECOND = 5;

const WRITES: readonly PsaFault[] = [
  { kind: 'slow', ms: SLOW_MS, when: 'after' },
  { kind: 'slow', ms: SLOW_MS, when: 'before' },
  { kind: 'hang', effect: true },
  { kind: 'hang', effect: false },
  { kind: 'trickle' },
];
const READS: readonly PsaFault[] = [
  { kind: 'slow', ms: SLOW_MS, when: 'after' },
  { kind: 'hang', effect: false },
  { kind: 'trickle' },
];

/** The PSA takes the call, and then its time. */
export const f11PsaSlow: Fault = {
  id: 'F11',
  title: 'the PSA answers after 20 s, never, or one byte a second',
  mustHold: 'every call has its own deadline; a write without an answer is unknown, and consumer groups are not rebalanced',
  inject: async (run) => {
    const { main, runtime } = run;
    const deadlines = { readTimeoutMs: READ_DEADLINE_MS, writeTimeoutMs: WRITE_DEADLINE_MS, settleMs: SETTLE_MS };
    const psa = await OwnPsa.of(main, deadlines);
    const [joins, unknown, since] = [await joinsOf(runtime), await unknownWrites(run), await psa.lastCall()];
    await underLoad(run, EVENTS_PER_SECOND, async () => {
      const writes = shuffled(run.random, WRITES);
      for (const [index, write] of writes.entries()) await meet(psa, write, READS[index]);
      // The slowest of them must have ended at the PSA before its calls can be judged.
      const haveEnded = await until(async () => hitsOf(await psa.calls(since)).length >= WRITES.length + READS.length, 60_000);
      run.claim('every slow, hanging and trickling answer was met', haveEnded);
    });
    await psa.disarm();
    claimDeadlines(run, hitsOf(await psa.calls(since)));
    const became = (await unknownWrites(run)) - unknown;
    run.figure('unknownWrites', became);
    run.claim('every write without an answer became unknown', became >= WRITES.length);
    const rebalances = (await joinsOf(runtime)) - joins;
    run.figure('rebalances', rebalances);
    run.claim('no consumer group was rebalanced', rebalances === 0);
  },
};

/** One after the other: a slow answer would join the next fault on the same call. */
async function meet(psa: OwnPsa, write: PsaFault, read: PsaFault | undefined): Promise<void> {
  await psa.arm(write);
  if (read !== undefined) await psa.arm({ ...read, access: 'read' });
  await until(async () => (await psa.armed()) === 0, 60_000);
}

const hitsOf = (calls: readonly PsaCall[]): PsaCall[] => calls.filter(({ faults }) => faults.length > 0);

/** Answers that never end last for as long as the caller waits: that shows its deadline. */
function claimDeadlines(run: FaultRun, hits: readonly PsaCall[]): void {
  const endless = hits.filter(({ faults }) => faults.includes('hang') || faults.includes('trickle'));
  const over = endless.map(({ isWrite, at, endedAt }) => {
    return Date.parse(endedAt) - Date.parse(at) - (isWrite ? WRITE_DEADLINE_MS : READ_DEADLINE_MS);
  });
  run.figure('longestOverDeadline_ms', Math.max(...over));
  run.claim('no call waits beyond its own deadline', Math.max(...over) <= SLACK_MS);
}

const unknownWrites = ({ runtime, main }: FaultRun): Promise<number> =>
  metricOf(runtime, 'connector-autotask', 'trueup_connector_writes_total', {
    connection: main.scene.connectionId,
    state: 'unknown',
  });
