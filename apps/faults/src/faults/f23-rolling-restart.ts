import { logFromNow } from '../crashes/log-lines.js';
import { watchStalls } from '../crashes/stall-watch.js';
import { whileEventsFlow } from '../crashes/while-events-flow.js';
import type { Fault } from '../fault.js';

const SERVICES = ['ingest', 'api', 'billing-projector', 'change-control', 'connector-autotask'];
const REPLICAS = 2;
/** Accepted, refused for now, or not answered: a sender that repeats gets through all of them. */
const REPEATABLE = new Set([0, 202, 207, 429, 503]);

/**
 * Every process of every service is told to end, and started again, one after the other. Both sides are this version: an older build is not
 * kept beside the sources, so what an older reader makes of newer records is left to the golden samples of libs/contracts.
 */
export const f23RollingRestart: Fault = {
  id: 'F23',
  title: 'every service is restarted replica by replica under load',
  mustHold: 'each process ends in good order, and the sender meets no error that repeating does not cure',
  needs: { replicas: { 'billing-projector': REPLICAS, 'change-control': REPLICAS, 'connector-autotask': REPLICAS } },
  inject: (run) =>
    whileEventsFlow(run, async () => {
      const { runtime } = run;
      const stalls = watchStalls(run);
      for (const service of SERVICES) {
        for (const replica of runtime.endpoints.adminPorts[service]!.keys()) {
          const log = logFromNow(runtime, service, replica);
          await runtime.restart(service, replica);
          run.claim(`${service}/${replica} ended in good order`, log.count(/"msg":"service stopped"/) === 1);
        }
      }
      for (const [name, seconds] of await stalls.stop()) run.figure(`${name}_stall_s`, seconds);
      const strange = [...run.main.load.answers.keys()].filter((status) => !REPEATABLE.has(status));
      run.claim(`the sender met only what it can repeat, not ${strange.join(', ')}`, strange.length === 0);
    }),
};
