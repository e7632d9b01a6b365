import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { StartFailure } from '../start-failure.js';
import type { DemoCalendar } from './demo-calendar.js';
import type { DemoPlace } from './demo-place.js';

const operationSchema = z.object({ id: z.string(), stage: z.string() });
const periodSchema = z.object({ state: z.string() });
const boundMs = 60_000;

/** What was over before Trueup came closes by hand, the oldest first; one whose grace still runs closes when that is over. */
export async function closePastPeriods(place: DemoPlace, { periods, today }: DemoCalendar): Promise<void> {
  for (const { id, end } of periods.slice(0, 3)) {
    const { state } = periodSchema.parse(await place.api('GET', `/periods/${id}`));
    if (state === 'closed') continue;
    const operation = operationSchema.parse(await place.api('POST', `/periods/${id}/close`));
    if (end < today) await whenDone(place, operation.id, id);
  }
}

async function whenDone(place: DemoPlace, operationId: string, periodId: string): Promise<void> {
  const deadline = performance.now() + boundMs;
  while (performance.now() < deadline) {
    if (operationSchema.parse(await place.api('GET', `/operations/${operationId}`)).stage === 'done') return;
    await sleep(100);
  }
  throw new StartFailure(
    `The period ${periodId} was not closed within ${boundMs / 1000} s; logs/billing-projector-0.log says why.`,
  );
}
