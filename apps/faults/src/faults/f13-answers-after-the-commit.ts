import { until } from '@trueup/testing/product';
import type { Fault } from '../fault.js';
import { OwnPsa, type PsaFault } from '../psa/own-psa.js';
import { underLoad } from '../psa/under-load.js';

/** Writes whose answer is spoiled; 1,000 for the published figure. */
const WRITES = Number(process.env['TRUEUP_FAULT_WRITES'] ?? 24);
const EVENTS_PER_SECOND = 25;
const LONGEST_MS = 30_000 + WRITES * 1_500;

const SPOILED: readonly PsaFault[] = [
  { kind: 'gateway-error', status: 500, effect: true },
  { kind: 'gateway-error', status: 502, effect: true },
  { kind: 'gateway-error', status: 504, effect: true },
  { kind: '500-after-commit' },
  { kind: 'timeout-expired', effect: true },
  { kind: 'apply-then-drop-connection', isReset: true },
  { kind: 'apply-then-drop-connection', isReset: false },
  { kind: 'cut-body-after-commit' },
];

/** What turned 137 seats into 548 elsewhere: a change that is sent again because its answer said that it failed. */
export const f13AnswersAfterTheCommit: Fault = {
  id: 'F13',
  title: 'the PSA commits a write, and then its answer fails, is cut or never comes',
  mustHold: 'every such write has one effect; it is looked for, never sent again',
  inject: async (run) => {
    const psa = await OwnPsa.of(run.main, { settleMs: 1_500, writeTimeoutMs: 5_000 });
    const since = await psa.lastCall();
    const first = Math.floor(run.random() * SPOILED.length);
    for (let n = 0; n < WRITES; n++) await psa.arm(SPOILED[(first + n) % SPOILED.length]!);
    await underLoad(run, EVENTS_PER_SECOND, async () => {
      const wereAllHit = await until(async () => (await psa.armed()) === 0, LONGEST_MS);
      run.claim(`${WRITES} writes were answered wrongly after their commit`, wereAllHit);
    });
    await psa.disarm();
    const writes = (await psa.calls(since)).filter(({ isWrite }) => isWrite);
    run.figure('spoiled', writes.filter(({ faults }) => faults.length > 0).length);
    run.figure('writes', writes.length);
  },
};
