import { CODES, meaningOf, type Code } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import { lineCodes } from './line-codes.model.js';
import { onGoldenScene, type SandboxScene } from './sandbox-scene.model.js';
import { waitingCodes } from './waiting-codes.model.js';

const cases = { ...lineCodes, ...waitingCodes };
let scene: SandboxScene;
onGoldenScene((made) => (scene = made));

/** Codes that something else than an outcome tells: logs of the process, decisions about releases, runs. */
const TOLD_ELSEWHERE: readonly Code[] = [
  ...(['WORKER_STARTED', 'PAYLOAD_INVALID', 'SOURCE_UNREACHABLE'] as const),
  ...(['RUN_STARTED', 'RUN_FINISHED', 'PHASE_STARTED', 'PHASE_FINISHED', 'PERIOD_EMPTY', 'PERIOD_INVALID'] as const),
  ...(['CUSTOMER_UNMAPPED', 'SKU_MISSING', 'GUARD_TRIPPED', 'HELD'] as const),
];

describe('a code that Autotask can bring about', () => {
  it.each(Object.entries(cases))('%s is told with its level, its owner and the way out', async (code, each) => {
    await each.provoke(scene);
    const told = scene.ledger.outcomes.at(-1)!;
    expect([told.kind, told.code]).toEqual([each.kind, code]);
    expect(told.message).toMatch(each.message ?? /./);
    const { remedy, ...means } = meaningOf(code as Code);
    expect(means).toEqual({ ...each.means, ...(each.alias !== undefined && { alias: each.alias }) });
    if (each.remedy === undefined) expect(remedy).toBeUndefined();
    else expect(remedy).toMatch(each.remedy);
  });

  it('is provoked here, or belongs to another part', () => {
    expect([...Object.keys(cases), ...TOLD_ELSEWHERE].sort()).toEqual([...CODES].sort());
  });
});
