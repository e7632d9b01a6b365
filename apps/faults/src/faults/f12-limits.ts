import { shuffled, until } from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';
import { OwnPsa, type PsaCall, type PsaFault } from '../psa/own-psa.js';
import { metricOf } from '../psa/service-metrics.js';
import { underLoad } from '../psa/under-load.js';

/** Calls that may be on their way when the first of them is told to wait: nobody can call them back. */
const UNDER_WAY_MS = 500;
/** What we wait when the PSA does not say for how long. */
const UNTOLD_MS = 60_000;
const SHORT_PAUSE_MS = 2_000;
const EVENTS_PER_SECOND = 3;
const THREADS = 'The thread threshold of 3 threads has been exceeded for this endpoint. (Itgenatr005)';

interface Storm {
  name: string;
  fault: PsaFault;
  /** The least that must pass after such an answer. */
  waitMs(call: PsaCall): number;
}

const told = ({ retryAfter, endedAt }: PsaCall): number =>
  /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) * 1_000 : Date.parse(retryAfter ?? '') - Date.parse(endedAt);

const STORMS: readonly Storm[] = [
  { name: 'seconds', fault: { kind: '429', retryAfter: 4 }, waitMs: told },
  { name: 'date', fault: { kind: '429', retryAfter: 6, retryAfterForm: 'date' }, waitMs: told },
  { name: 'page', fault: { kind: '429', retryAfter: 3, body: 'html' }, waitMs: told },
  { name: 'threads', fault: { kind: '500-before-commit', text: THREADS }, waitMs: () => SHORT_PAUSE_MS },
  { name: 'untold', fault: { kind: '429' }, waitMs: () => UNTOLD_MS },
];

/** The PSA says "later" in every way that it knows. */
export const f12Limits: Fault = {
  id: 'F12',
  title: 'the PSA refuses calls for a while: Retry-After in seconds, as a date, missing, with a page, or as a 500 about threads',
  mustHold: 'nothing is called before the PSA allows it, and no refusal counts against the breaker',
  inject: async (run) => {
    const psa = await OwnPsa.of(run.main);
    const breaker = watchBreaker(run);
    await underLoad(run, EVENTS_PER_SECOND, async () => {
      for (const storm of shuffled(run.random, STORMS)) await meet(run, psa, storm);
    });
    run.claim('no limit counted as a failure of the PSA', (await breaker.stop()) === 0);
  },
};

async function meet(run: FaultRun, psa: OwnPsa, { name, fault, waitMs }: Storm): Promise<void> {
  const since = await psa.lastCall();
  await psa.arm({ ...fault, access: 'any', count: 2 });
  const find = async () => (await psa.calls(since)).filter(({ faults }) => faults.includes(fault.kind));
  const wasMet = await until(async () => (await psa.armed()) === 0, 240_000);
  const wasTriedAgain =
    wasMet && (await until(async () => (await latenessOf(psa, since, await find(), waitMs)) !== undefined, 120_000));
  const latenessMs = wasTriedAgain ? await latenessOf(psa, since, await find(), waitMs) : undefined;
  if (latenessMs !== undefined) run.figure(`${name}_early_ms`, latenessMs);
  run.claim(`limit told by ${name}: it was met and tried again`, wasTriedAgain);
  run.claim(`limit told by ${name}: nothing was called before it was allowed`, latenessMs !== undefined && latenessMs >= 0);
}

/** Milliseconds from when a call was allowed again to the first that came: below 0 is too early. Undefined: none has come yet. */
async function latenessOf(
  psa: OwnPsa,
  since: number,
  refusals: readonly PsaCall[],
  waitMs: Storm['waitMs'],
): Promise<number | undefined> {
  const calls = await psa.calls(since);
  const found = refusals.map((refusal) => {
    const refusedAt = Date.parse(refusal.endedAt);
    const later = calls.map(({ at }) => Date.parse(at)).filter((at) => at > refusedAt + UNDER_WAY_MS);
    return later.length === 0 ? undefined : Math.min(...later) - refusedAt - waitMs(refusal);
  });
  const known = found.filter((each) => each !== undefined);
  return known.length < refusals.length || known.length === 0 ? undefined : Math.min(...known);
}

/** Remembers the worst state of the breaker: 0 closed, 2 open. */
function watchBreaker({ runtime, main }: FaultRun): { stop(): Promise<number> } {
  let worst = 0;
  let isOver = false;
  const watching = until(async () => {
    const state = await metricOf(runtime, 'connector-autotask', 'trueup_connector_breaker_state', {
      connection: main.scene.connectionId,
    });
    worst = Math.max(worst, state);
    return isOver;
  }, Number.POSITIVE_INFINITY);
  return {
    stop: async () => {
      isOver = true;
      await watching;
      return worst;
    },
  };
}
