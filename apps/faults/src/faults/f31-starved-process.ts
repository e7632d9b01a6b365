import { until } from '@trueup/testing/product';
import { setTimeout as wait } from 'node:timers/promises';
import { asBefore } from '../crashes/dies-at.js';
import { runsOutOfMemory } from '../crashes/out-of-memory.js';
import { goesOn, lifeOf } from '../crashes/stands-still-at.js';
import { turnOf } from '../crashes/turns.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault, FaultRun } from '../fault.js';

const SERVICES = ['connector-autotask', 'billing-projector', 'change-control', 'ingest'];
const REPLICAS = 2;
const BLOCKED_MS = 40_000;
const LOOK_EVERY_MS = 10_000;
const LOOKS = BLOCKED_MS / LOOK_EVERY_MS;
const BACK_WITHIN_MS = 90_000;

/** Another service per seed: its memory runs out; then its event loop stands still, which ends by itself, or by who watches its liveness. */
export const f31StarvedProcess: Fault = {
  id: 'F31',
  title: 'a process runs out of memory, and stands still for 40 s',
  mustHold:
    'it comes back by itself, its liveness shows that it stood still, and nothing that it still wanted has a second effect',
  needs: { replicas: { 'billing-projector': REPLICAS, 'change-control': REPLICAS, 'connector-autotask': REPLICAS } },
  inject: (run) =>
    whileEventsFlow(run, async () => {
      const [service] = turnOf(run.seed, SERVICES) as [string];
      await starve(run, service);
      await block(run, service);
    }),
};

async function starve(run: FaultRun, service: string): Promise<void> {
  run.claim(`${service}/0 ended when its memory ran out`, await runsOutOfMemory(run, service, 0));
  const began = performance.now();
  run.claim(`${service}/0 came back by itself`, await until(() => isReady(run, service), BACK_WITHIN_MS));
  run.figure('back_after_s', Math.round((performance.now() - began) / 1000));
}

async function block(run: FaultRun, service: string): Promise<void> {
  const { runtime, random } = run;
  await runtime.signal(service, 'SIGSTOP');
  let unanswered = 0;
  for (let look = 0; look < LOOKS; look++) {
    await wait(LOOK_EVERY_MS);
    if (!(await isReady(run, service))) unanswered += 1;
  }
  run.claim('its liveness did not answer as long as it stood still', unanswered === LOOKS);
  const isEnded = random() < 0.5;
  run.figure('ended_by_watcher', Number(isEnded));
  if (isEnded) await runtime.kill(service);
  if (isEnded) await asBefore(run, service);
  else await goesOn(run, service);
  const began = performance.now();
  run.claim(`${service}/0 was ready again`, await until(() => isReady(run, service), BACK_WITHIN_MS));
  run.figure('ready_after_s', Math.round((performance.now() - began) / 1000));
}

const isReady = async ({ runtime }: FaultRun, service: string): Promise<boolean> =>
  (await lifeOf(runtime.endpoints.adminPorts[service]![0]!)) === 'ready';
