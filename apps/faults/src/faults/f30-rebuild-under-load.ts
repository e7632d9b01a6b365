import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, FaultRun } from '../fault.js';

const ROUNDS = 3;

interface Operation {
  id: string;
  stage: string;
  report?: { rows: number; lines: number };
}

/** All customers are told again from their events while new ones arrive. */
export const f30RebuildUnderLoad: Fault = {
  id: 'F30',
  title: 'everything is rebuilt from the event store while events flow',
  mustHold: 'the rebuild finds the live truth as it would tell it itself: no row and no line differs',
  async inject(run) {
    const { load } = run.main;
    await load.send(120, { batch: 40 });
    const sender = load.start(20);
    let [rows, lines, seconds] = [0, 0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      const { report, tookS } = await rebuilt(run);
      rows += report.rows;
      lines += report.lines;
      seconds += tookS;
    }
    await sender.stop();
    run.figure('diffs', rows + lines);
    run.figure('events_per_s', (load.acknowledged.length * ROUNDS) / seconds);
    run.claim('no row and no line differed', rows === 0 && lines === 0);
  },
};

async function rebuilt({ main }: FaultRun): Promise<{ report: { rows: number; lines: number }; tookS: number }> {
  const from = performance.now();
  const { id } = await main.msp.api<Operation>('POST', '/operations/rebuild', { body: {}, expect: 202 });
  for (;;) {
    const { stage, report } = await main.msp.api<Operation>('GET', `/operations/${id}`);
    if (stage === 'done') return { report: report!, tookS: (performance.now() - from) / 1000 };
    if (stage === 'failed') throw new Error(`rebuild ${id} failed`);
    await wait(50);
  }
}
