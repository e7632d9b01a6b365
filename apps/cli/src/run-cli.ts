import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { Terminal } from './output/terminal.js';
import { createProgram, exitCodeOfCommander } from './program.js';

/** Runs one command line and sets the exit code of the process; every ending is one of `EXIT`. */
export async function runCli(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`| head`) is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.bug));
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = end(error, new Terminal(process.stdout, process.stderr, process.env));
  }
}

function end(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return exitCodeOfCommander(error.exitCode);
  if (error instanceof Failure) return tell(error, terminal);
  terminal.say(
    `${terminal.paint('This is a fault of trueup itself:', 'red', 'err')} ${(error as Error)?.stack ?? String(error)}`,
  );
  return EXIT.bug;
}

function tell({ message, exitCode, more }: Failure, terminal: Terminal): number {
  terminal.say(`${terminal.paint('✗', 'red', 'err')} ${message}`);
  for (const detail of more.details ?? []) terminal.say(`    ${detail}`);
  if (more.remedy) terminal.say(`  → ${more.remedy}`);
  return exitCode;
}
