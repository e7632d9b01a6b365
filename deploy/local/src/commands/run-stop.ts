import { setTimeout as sleep } from 'node:timers/promises';
import { EndpointsFile } from '../card/endpoints-file.js';
import { openHome } from '../home/runtime-home.js';
import { RuntimeClaim } from '../home/runtime-claim.js';
import { endLeftovers } from '../processes/end-leftovers.js';
import { ProcessJournal } from '../processes/process-journal.js';
import type { StepPrinter } from '../terminal/step-printer.js';

const boundMs = 60_000;

/** `npm run stop`: ends the runtime of this home, or what a killed one left behind. Answers the exit code. */
export async function runStop(printer: StepPrinter): Promise<number> {
  const home = openHome();
  const claim = new RuntimeClaim(home.root);
  const pid = claim.holder();
  if (pid !== null) await printer.step('Trueup is stopped', () => askToStop(pid, claim));
  const ended = await endLeftovers(new ProcessJournal(home.root));
  if (ended.length > 0) printer.note(`Ended what an earlier runtime left behind: ${ended.join(', ')}`);
  if (pid === null && ended.length === 0) printer.note('Trueup is not running.');
  claim.release();
  new EndpointsFile(home.root).remove();
  return 0;
}

async function askToStop(pid: number, claim: RuntimeClaim): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const deadline = performance.now() + boundMs;
  while (claim.holder() === pid) {
    if (performance.now() > deadline) process.kill(pid, 'SIGKILL'); // its processes are ended as leftovers
    await sleep(50);
  }
}
