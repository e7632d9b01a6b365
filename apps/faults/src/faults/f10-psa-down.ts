import { until } from '@trueup/testing/product';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, FaultRun } from '../fault.js';
import { Door } from '../psa/door.js';
import { metricOf, joinsOf } from '../psa/service-metrics.js';
import { underLoad } from '../psa/under-load.js';
import { Witness } from '../psa/witness.js';

/** How long nobody listens. Breakers go by real time, so moving the clock would not shorten this honestly. */
const DOWN_MS = Number(process.env['TRUEUP_FAULT_MINUTES'] ?? 1) * 60_000;
const MOST_FAILURES = 10;
/** What a breaker rests between two probes. */
const REST_MS = 10_000;
const DELIVERIES = 40;
/** Below this a difference between two percentiles says more about the machine than about us. */
const NOISE_MS = 300;
const OPEN = 2;
const EVENTS_PER_SECOND = 3;

/** A tenant's PSA refuses connections; another tenant's answers. */
export const f10PsaDown: Fault = {
  id: 'F10',
  title: "one tenant's PSA refuses connections for long",
  mustHold: 'its breaker opens after at most ten failures and then lets single reads through; other tenants notice nothing',
  needs: { environment: { TRUEUP_TEST_HOSTS: '127.0.0.1' } },
  inject: async (run) => {
    const { main } = run;
    const door = await Door.before(main.msp.sandbox.url);
    const baseUrl = `${door.url}/ATServicesRest/V1.0`;
    await main.msp.api('PATCH', `/connections/${main.scene.connectionId}`, { body: { baseUrl } });
    await underLoad(run, EVENTS_PER_SECOND, () => takeDown(run, door));
    run.claim('the breaker closes when the PSA is back', await until(async () => (await stateOf(run)) === 0, 60_000));
    await main.msp.api('PATCH', `/connections/${main.scene.connectionId}`, { body: { baseUrl: main.msp.sandbox.url } });
    await door.shut();
  },
};

async function takeDown(run: FaultRun, door: Door): Promise<void> {
  const witness = await Witness.on(run.runtime);
  const beforeMs = await witness.p95(DELIVERIES);
  const joins = await joinsOf(run.runtime);
  await door.shut();
  try {
    await claimOpens(run);
    await claimProbes(run, witness, beforeMs);
    run.claim('no consumer group was rebalanced', (await joinsOf(run.runtime)) === joins);
  } finally {
    await door.open();
  }
}

async function claimOpens(run: FaultRun): Promise<void> {
  const before = await failuresOf(run);
  const isOpen = await until(async () => (await stateOf(run)) === OPEN, 90_000, 50);
  const failures = (await failuresOf(run)) - before;
  run.figure('failuresUntilOpen', failures);
  run.claim(`the breaker opens after at most ${MOST_FAILURES} failures`, isOpen && failures <= MOST_FAILURES);
}

/** While it is down: probes alone, and another tenant as quick as before. */
async function claimProbes(run: FaultRun, witness: Witness, beforeMs: number): Promise<void> {
  const beganMs = performance.now();
  const [calls, writes] = [await callsOf(run), await callsOf(run, { access: 'write' })];
  const duringMs = await witness.p95(DELIVERIES);
  await wait(Math.max(0, DOWN_MS - (performance.now() - beganMs)));
  const probes = (await callsOf(run)) - calls;
  const most = Math.ceil((performance.now() - beganMs) / REST_MS) + 1;
  run.figure('callsWhileOpen', probes);
  run.figure('down_s', Math.round((performance.now() - beganMs) / 1_000));
  run.figure('neighbourP95Before_ms', Math.round(beforeMs));
  run.figure('neighbourP95During_ms', Math.round(duringMs));
  run.claim(`while it is open one call comes through per rest (${probes} of at most ${most})`, probes > 0 && probes <= most);
  run.claim('probes are reads', (await callsOf(run, { access: 'write' })) === writes);
  run.claim("another tenant's deliveries are as quick as before", duringMs <= beforeMs * 1.1 + NOISE_MS);
}

const stateOf = ({ runtime, main }: FaultRun): Promise<number> =>
  metricOf(runtime, 'connector-autotask', 'trueup_connector_breaker_state', { connection: main.scene.connectionId });

const callsOf = ({ runtime, main }: FaultRun, labels: Readonly<Record<string, string>> = {}): Promise<number> =>
  metricOf(runtime, 'connector-autotask', 'trueup_connector_psa_calls_total', { connection: main.scene.connectionId, ...labels });

/** A connection under way when the door shuts is cut, every later one is refused. */
async function failuresOf(run: FaultRun): Promise<number> {
  return (await callsOf(run, { class: 'unreachable' })) + (await callsOf(run, { class: 'cut' }));
}
