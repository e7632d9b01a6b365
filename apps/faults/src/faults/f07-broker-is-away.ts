import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../fault.js';
import { caughtUp } from '../infra/caught-up.js';
import { claimPoliteRefusals, gapOf, takesNothing } from '../infra/gap.js';
import { watchMemory } from '../infra/memory.js';

const BURST = 60;
const MOST_GAINED_MB = 250;
const DRAINED_WITHIN_S = 300;

/** Seconds that the broker is away; a long lane asks for 600. */
const awayS = (): number => Number(process.env['FAULTS_AWAY_SECONDS'] ?? 45);

/** The only broker is away for long while senders go on. */
export const f07BrokerIsAway: Fault = {
  id: 'F7',
  title: 'the only broker is away for long',
  mustHold: 'senders are told to come back, no process hoards, and everything drains afterwards without a hand',
  async inject(run) {
    const { runtime, main } = run;
    await main.load.send(BURST);
    const memory = watchMemory(runtime);
    await runtime.kill('kafka');
    const senders = Promise.all([0, 1, 2].map(() => gapOf(main.load, BURST)));
    senders.catch(() => undefined); // whoever waits for them below hears of the failure
    await wait(awayS() * 1000);
    await runtime.restart('kafka');
    const gaps = await senders;
    const drained = await caughtUp(run, DRAINED_WITHIN_S);
    run.figure('away_s', awayS());
    run.figure('drain_s', drained.seconds);
    run.claim(`everything is billed within ${DRAINED_WITHIN_S} s of its return`, drained.isCaughtUp);
    const gainedMb = memory.stop();
    run.figure('gained_mb', gainedMb);
    run.claim(`no process gains more than ${MOST_GAINED_MB} MB`, gainedMb <= MOST_GAINED_MB);
    const refusals = gaps.flatMap((gap) => gap.refusals);
    run.claim('nothing is acknowledged without a broker', refusals.length > 0 && refusals.every(takesNothing));
    claimPoliteRefusals(run, refusals);
  },
};
