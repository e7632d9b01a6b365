import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { addConnectorCommands } from './connector/connector-command.js';
import { addEventsCommands, wholeNumber } from './events/events-command.js';
import { EXIT, EXIT_CODES_TEXT } from './exit-codes.js';
import { addReconciliationCommand } from './operate/reconciliation-command.js';
import { addStatusCommands } from './operate/status-commands.js';
import { OUTPUT_FORMATS } from './output/terminal.js';
import { addHoldsCommands } from './people/holds-command.js';
import { addLinesCommands } from './people/lines-command.js';
import { addPeriodsCommands } from './people/periods-command.js';
import { addTokensCommands } from './people/tokens-command.js';

/** The whole command line; its help texts are the manual. */
export function createProgram(): Command {
  const program = new Command('trueup')
    .description("Keeps an MSP's PSA agreements true to what is really provisioned.")
    .version(versionIn(new URL('../package.json', import.meta.url)), '--version', 'the version of this program')
    .option('--api-url <url>', 'address of the api (TRUEUP_API_URL)')
    .option('--ingest-url <url>', 'address of ingest (TRUEUP_INGEST_URL)')
    .option('--token <token>', 'token (better: TRUEUP_TOKEN, which other users of the machine do not see)')
    .addOption(
      new Option('-o, --output <form>', 'form of the result on standard output').choices(OUTPUT_FORMATS).default('table'),
    )
    .option('--timeout <seconds>', 'longest wait for one answer', wholeNumber(1, 600), 30)
    .showSuggestionAfterError()
    .addHelpText('after', HELP)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  addEventsCommands(program);
  addStatusCommands(program);
  addReconciliationCommand(program);
  addLinesCommands(program);
  addHoldsCommands(program);
  addPeriodsCommands(program);
  addTokensCommands(program);
  addConnectorCommands(program);
  inheritExit(program);
  return program;
}

function versionIn(packageFile: URL): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}

/** Commander copies settings only to commands made after them, and not the way of ending. */
function inheritExit(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride();
    inheritExit(child);
  }
}

const HELP = `
Where to, and as whom
  Flags win over TRUEUP_API_URL, TRUEUP_INGEST_URL and TRUEUP_TOKEN. When neither names an address and a local runtime
  runs in this folder (npm start, .trueup/endpoints.json or TRUEUP_HOME), its addresses and its tokens are used.

Output
  Results go to standard output as --output says; progress and remarks go to standard error, drawn only on a terminal.
  NO_COLOR switches colours off. Secrets are never printed, except a new token's, once.

${EXIT_CODES_TEXT}`;

/** The exit code that commander's own endings stand for: help and version are no faults. */
export function exitCodeOfCommander(exitCode: number): number {
  return exitCode === 0 ? EXIT.ok : EXIT.usage;
}
