import type { Command } from 'commander';
import type { RegisterOptions } from './register-options.js';

/** `trueup connector …` */
export function addConnectorCommands(program: Command): void {
  const connector = program.command('connector').description('connectors to further PSAs');
  connector
    .command('register')
    .argument('<manifest>', 'connector.manifest.json of the connector')
    .description('prepare a deployment for a connector: topics, access rules, schema, role and service token (for operators)')
    .option('--dry-run', 'say what would be made, change nothing')
    .option('--rotate', 'make a new password and a new service token in place of those that exist')
    .option('--kafka-principal <principal>', 'whom the broker sees (default: User:connector-<kind>)')
    // Not --env-file: Node itself reads an option of that name, wherever it stands.
    .option('--write-env <file>', "write the connector's environment there (mode 0600) instead of showing its secrets")
    .addHelpText('after', HELP)
    .action(async (path: string, options: RegisterOptions, command: Command) => {
      // Broker and database clients are for operators; the other commands start faster without them.
      const { registerCommand } = await import('./register-command.js');
      await registerCommand(path, options, command);
    });
}

const HELP = `
Needs the deployment's own addresses: TRUEUP_KAFKA_BROKERS (host:port, …) and TRUEUP_DATABASE_URL of a database user
that may create roles and schemas, or a local runtime in this folder. Nothing of Trueup is edited or restarted: the
api takes connections of the new kind as soon as its service token exists.

What exists stays as it is: a second run says so and changes nothing. Secrets are shown once, when they are made.

Example
  trueup connector register connector.manifest.json --dry-run
  trueup connector register connector.manifest.json --write-env connector.env`;
