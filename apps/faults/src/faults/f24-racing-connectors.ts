import { ask, wholeBelow } from '@trueup/testing/product';
import { startStray } from '../crashes/stray-process.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault, FaultRun } from '../fault.js';

const BURSTS = 12;
const EVENTS = 21;

/** Two replicas and a second deployment, which calls itself the first replica too, want the same lines. */
export const f24RacingConnectors: Fault = {
  id: 'F24',
  title: 'three connectors race for the same lines, one of them from a second deployment',
  mustHold: 'one of them works on an account at a time, and each intent has one effect',
  needs: { replicas: { 'connector-autotask': 2 } },
  async inject(run) {
    const stray = await startStray(run.runtime, 'connector-autotask');
    try {
      await whileEventsFlow(run, async () => {
        for (let burst = 0; burst < BURSTS; burst++) {
          await run.main.load.send(EVENTS, { batch: 1 + wholeBelow(run.random, EVENTS) });
        }
      });
      run.figure('workers', await workersOf(run));
    } finally {
      await stray.stop();
    }
  },
  async afterwards(run) {
    const owners = await ask(run.runtime, `select 1 from connector_autotask.account_lease where owner is not null`);
    run.claim('no account is held by anybody in the end', owners.length === 0);
  },
};

async function workersOf(run: FaultRun): Promise<number> {
  const rows = await ask(run.runtime, `select 1 from connector_autotask.replica where alive_until > now()`);
  run.claim('three workers lived at once', rows.length === 3);
  return rows.length;
}
