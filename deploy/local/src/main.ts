import { runDemoPlay } from './commands/run-demo-play.js';
import { runDemoReset } from './commands/run-demo-reset.js';
import { runStart } from './commands/run-start.js';
import { runStatus } from './commands/run-status.js';
import { runStop } from './commands/run-stop.js';
import { StartFailure } from './start-failure.js';
import { StepPrinter } from './terminal/step-printer.js';

const [command = 'start', ...args] = process.argv.slice(2);
const printer = new StepPrinter();

const exitCode = await run().catch((error: unknown) => {
  printer.failure(error instanceof StartFailure ? error.message : `Unexpected: ${String(error)}`);
  return 1;
});
process.exit(exitCode); // a start that was interrupted may still wait for something

async function run(): Promise<number> {
  if (command === 'stop') return runStop(printer);
  if (command === 'status') return runStatus(printer);
  if (command === 'start') return runStart(args, printer);
  if (command === 'demo-play') return runDemoPlay(args, printer);
  if (command === 'demo-reset') return runDemoReset(args, printer);
  throw new StartFailure(`There is no command "${command}"; known: start, stop, status, demo-play, demo-reset.`);
}
