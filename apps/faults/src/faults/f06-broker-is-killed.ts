import { shuffled } from '@trueup/testing/product';
import type { Fault } from '../fault.js';
import { claimPoliteRefusals, gapOf, takesNothing, triesFor } from '../infra/gap.js';

const BURST = 12;
const BELOW_MIN_ISR_MS = 4_000;

/** One of three brokers dies, and its partitions get other leaders; then a second one dies, and too few copies are left. */
export const f06BrokerIsKilled: Fault = {
  id: 'F6',
  title: 'one of three brokers is killed and comes back, then two at once',
  mustHold:
    'with one dead the events go on after a new leader; with two dead nothing is acknowledged, and 503 says when to come back',
  needs: { brokers: 3 },
  async inject(run) {
    const { runtime, main } = run;
    const [first, second] = shuffled(run.random, [0, 1, 2]) as [number, number];
    await main.load.send(BURST);

    await runtime.kill('kafka', first);
    const leaderChange = await gapOf(main.load, BURST);
    run.figure('leader_change_s', leaderChange.seconds);
    await main.load.send(BURST);

    await runtime.kill('kafka', second);
    const tries = await triesFor(run, BELOW_MIN_ISR_MS, BURST);
    run.claim('nothing is acknowledged with fewer than two copies', tries.answers.every(takesNothing));
    await Promise.all([runtime.restart('kafka', first), runtime.restart('kafka', second)]);
    const after = await gapOf(main.load, BURST);
    run.figure('after_restart_s', after.seconds);
    await tries.deliver();
    claimPoliteRefusals(run, [...leaderChange.refusals, ...tries.answers, ...after.refusals]);
  },
};
