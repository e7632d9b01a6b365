import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Endpoints, EndpointsFile } from '../card/endpoints-file.js';
import { DemoPlace } from '../demo/demo-place.js';
import { demoPlan } from '../demo/demo-plan.js';
import { type DemoRecord, DemoRecordFile } from '../demo/demo-record.js';
import { endTroubles, liveDay, type LiveAct } from '../demo/live-day.js';
import { openHome } from '../home/runtime-home.js';
import { StartFailure } from '../start-failure.js';
import type { StepPrinter } from '../terminal/step-printer.js';
import { stopRequested } from './stop-requested.js';

const usage = 'npm run demo:play -- --speed <how many minutes of the day pass in a minute, 1 to 10000; default 120>';

/** `npm run demo:play`: streams a live day into the demo; ends by itself, or when it is asked to. Answers the exit code. */
export async function runDemoPlay(args: readonly string[], printer: StepPrinter): Promise<number> {
  const speed = parseSpeed(args);
  const { endpoints, record } = runningDemo();
  const place = placeOf(endpoints);
  const now = Date.now();
  const world = demoPlan(new Date(record.plannedAt), record.seed).world.continued(`live-${now}`);
  const stop = stopRequested();
  printer.line(`A day at the demo MSP, ${speed} times as fast; Ctrl-C ends it. The PSA: ${place.addresses.sandboxUrl}/_sandbox/`);
  try {
    await play(liveDay(place, world, record.seed ^ now), { speed, stop, printer });
  } finally {
    await endTroubles(place);
  }
  printer.line(stop.aborted ? 'The day was cut short.' : 'The day is over.');
  return 0;
}

async function play(
  acts: readonly LiveAct[],
  { speed, stop, printer }: { speed: number; stop: AbortSignal; printer: StepPrinter },
): Promise<void> {
  let minute = acts[0]!.minute;
  for (const act of acts) {
    await sleep(((act.minute - minute) * 60_000) / speed, undefined, { signal: stop }).catch(() => undefined); // said to stop
    if (stop.aborted) return;
    minute = act.minute;
    printer.line(`${clockFace(minute)}  ${await act.perform(new Date().toISOString())}`);
  }
}

function parseSpeed(args: readonly string[]): number {
  const speed = Number(parsed(args) ?? '120');
  if (speed >= 1 && speed <= 10_000) return speed;
  throw new StartFailure(usage);
}

function parsed(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { speed: { type: 'string' } }, allowPositionals: false }).values.speed;
  } catch (error) {
    throw new StartFailure(`${(error as Error).message}. ${usage}`);
  }
}

function runningDemo(): { endpoints: Endpoints; record: DemoRecord } {
  const home = openHome();
  const record = new DemoRecordFile(home.root).read();
  const endpoints = new EndpointsFile(home.root).read();
  if (record === null) throw new StartFailure(`${home.root} holds no demo: npm start makes one in an empty home.`);
  if (endpoints === null) throw new StartFailure('Trueup is not running; npm start starts it.');
  return { endpoints, record };
}

function placeOf({ apiUrl, ingestUrl, sandboxes, tokens }: Endpoints): DemoPlace {
  const sandboxUrl = sandboxes['autotask'];
  if (apiUrl !== null && ingestUrl !== null && sandboxUrl !== undefined)
    return new DemoPlace({ apiUrl, ingestUrl, sandboxUrl, tokens });
  throw new StartFailure('The demo needs api, ingest and psa-sandbox; npm start without --only starts them.');
}

function clockFace(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
