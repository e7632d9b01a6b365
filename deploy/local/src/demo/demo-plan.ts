import { type DemoCalendar, demoCalendar } from './demo-calendar.js';
import type { DemoEvent } from './demo-event.js';
import { DemoHistory } from './demo-history.js';
import { demoSandboxState } from './demo-sandbox.js';
import { tellStories } from './demo-stories.js';
import { todaysEvents } from './demo-today.js';
import type { DemoWorld } from './demo-world.js';

export const demoSeed = 20_261;

/** Everything that the demo consists of before anything is posted. */
export interface DemoPlan {
  readonly calendar: DemoCalendar;
  readonly world: DemoWorld;
  /** What happened up to yesterday. */
  readonly history: readonly DemoEvent[];
  /** What happens once the PSA was looked at. */
  readonly today: readonly DemoEvent[];
  readonly sandbox: object;
}

/** Plans the demo of a local day: the same, byte for byte, for the same seed and day. */
export function demoPlan(now: Date, seed = demoSeed): DemoPlan {
  const calendar = demoCalendar(now);
  const world = new DemoHistory(calendar, seed).tell((day, told) => tellStories(calendar, day, told));
  const sandbox = demoSandboxState(calendar, world);
  return { calendar, world, history: world.events, today: todaysEvents(calendar, world), sandbox };
}
