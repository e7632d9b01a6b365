import { until } from '@trueup/testing/product';
import type { Fault } from '../fault.js';
import { OwnPsa, type PsaFault } from '../psa/own-psa.js';
import { underLoad } from '../psa/under-load.js';

const WRITES = 12;
const EVENTS_PER_SECOND = 10;
const WRITE_DEADLINE_MS = 1_500;
const SETTLE_MS = 2_500;

const LOST: readonly PsaFault[] = [
  { kind: 'drop-before-apply', isReset: true },
  { kind: 'drop-before-apply', isReset: false },
  { kind: 'gateway-error', status: 502, effect: false },
  { kind: 'gateway-error', status: 504, effect: false },
  { kind: '500-before-commit' },
  { kind: 'timeout-expired', effect: false },
  { kind: 'hang', effect: false },
];

/** The caller cannot tell these from answers that were lost after the commit: the write may be sent anew only when the PSA cannot be executing it any more. */
export const f14ResetsBeforeTheCommit: Fault = {
  id: 'F14',
  title: 'the connection ends before the PSA commits a write',
  mustHold: 'the effect arrives exactly once, later',
  inject: async (run) => {
    const psa = await OwnPsa.of(run.main, { settleMs: SETTLE_MS, writeTimeoutMs: WRITE_DEADLINE_MS });
    const since = await psa.lastCall();
    const first = Math.floor(run.random() * LOST.length);
    for (let n = 0; n < WRITES; n++) await psa.arm(LOST[(first + n) % LOST.length]!);
    await underLoad(run, EVENTS_PER_SECOND, async () => {
      const wereAllHit = await until(async () => (await psa.armed()) === 0, 120_000);
      run.claim(`${WRITES} writes were lost before their commit`, wereAllHit);
    });
    await psa.disarm();
    const lost = (await psa.calls(since)).filter(({ faults }) => faults.length > 0);
    run.figure('lostWrites', lost.length);
  },
};
