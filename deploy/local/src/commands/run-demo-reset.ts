import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DemoRecordFile } from '../demo/demo-record.js';
import { openHome, type RuntimeHome } from '../home/runtime-home.js';
import { removeOutsidePlace } from '../infrastructure/postgres-place.js';
import { StartFailure } from '../start-failure.js';
import type { StepPrinter } from '../terminal/step-printer.js';
import { runStart } from './run-start.js';
import { runStop } from './run-stop.js';

/** What a runtime writes besides secrets, downloads and logs. */
const dataOf = ['postgres', 'kafka', 'redis', 'psa-sandbox.jsonl', 'demo.json'];
const noStart = '--no-start';

/**
 * `npm run demo:reset`: ends what runs, forgets database, topics and sandbox of this home, and starts again with the demo as it was
 * seeded; secrets, tokens and downloads stay. Refuses a home that holds no demo: what lies there was somebody's work.
 */
export async function runDemoReset(args: readonly string[], printer: StepPrinter): Promise<number> {
  const home = openHome();
  if (new DemoRecordFile(home.root).read() === null)
    throw new StartFailure(`${home.root} holds no demo; nothing was removed. npm start makes one in an empty home.`);
  await runStop(printer);
  await printer.step('Database, topics and sandbox are empty', () => forget(home));
  if (!args.includes(noStart)) return runStart(args, printer);
  printer.line('npm start seeds the demo again.');
  return 0;
}

async function forget(home: RuntimeHome): Promise<void> {
  await removeOutsidePlace(home.root);
  // The record goes last: interrupted before that, the home is still a demo and can be reset again.
  for (const name of dataOf) await rm(join(home.root, name), { recursive: true, force: true });
}
