import { oneOf, until } from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';
import { ForeignProbe } from '../psa/foreign-probe.js';
import { underLoad } from '../psa/under-load.js';
import { f13AnswersAfterTheCommit } from './f13-answers-after-the-commit.js';
import { f14ResetsBeforeTheCommit } from './f14-resets-before-the-commit.js';

const SHOWN = 5;
const BACK_WITHIN_MS = 60_000;
const EVENTS_PER_SECOND = 10;

/** Another tenant's administrator tries everything that the first one has, while things break. */
export const f28AStrangerProbes: Fault = {
  id: 'F28',
  title: 'another tenant tries every id of the first while services die and the PSA fails',
  mustHold: "what is another tenant's does not exist: 404 to every name, and no list, log or answer shows a trace of it",
  inject: async (run) => {
    await run.main.load.send(21);
    const probe = await ForeignProbe.begin(run.runtime, run.main, run.neighbour);
    try {
      await breakThings(run);
    } finally {
      await probe.stop();
    }
    const { calls, opened, leaks } = probe.findings;
    run.figure('probes', calls);
    run.figure('leaked', leaks.length);
    run.claim('the stranger was answered throughout', calls > 100);
    run.claim(['nothing of the first tenant opens', ...opened.slice(0, SHOWN)].join('; '), opened.length === 0);
    run.claim(['no answer shows a trace of the first tenant', ...leaks.slice(0, SHOWN)].join('; '), leaks.length === 0);
  },
};

async function breakThings(run: FaultRun): Promise<void> {
  const victims = ['ingest', 'billing-projector', 'change-control', 'connector-autotask', 'api'];
  await f13AnswersAfterTheCommit.inject(run);
  await kill(run, oneOf(run.random, victims));
  await f14ResetsBeforeTheCommit.inject(run);
  await kill(run, oneOf(run.random, victims));
}

async function kill(run: FaultRun, service: string): Promise<void> {
  await underLoad(run, EVENTS_PER_SECOND, async () => {
    await run.runtime.kill(service);
    await run.runtime.restart(service);
    await until(() => isAnswering(run), BACK_WITHIN_MS);
  });
}

/** Whether the api answers its own people: the next fault needs it, as the stranger does. */
function isAnswering({ main }: FaultRun): Promise<boolean> {
  return main.msp.api('GET', '/me').then(
    () => true,
    () => false, // still starting
  );
}
