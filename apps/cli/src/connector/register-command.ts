import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connectorManifest, type ConnectorManifest, fieldErrorsOf } from '@trueup/contracts';
import { databaseConfig, kafkaConfig } from '@trueup/service';
import type { Command } from 'commander';
import { z } from 'zod';
import { lineOfError } from '../connect/refusal.js';
import type { Target } from '../connect/target.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type Column, renderRows } from '../output/render-rows.js';
import type { Terminal } from '../output/terminal.js';
import { settingOf } from '../setting.js';
import type { RegisterOptions } from './register-options.js';
import { type Deployment, registerConnector, type Registration } from './register-connector.js';
import type { RegistrationStep } from './registration-step.js';

const columns: Column<RegistrationStep>[] = [
  { header: 'what', value: ({ what }) => what },
  { header: 'state', value: ({ state }) => state },
  { header: 'detail', value: ({ detail }) => detail },
];

/** `trueup connector register MANIFEST` */
export async function registerCommand(path: string, options: RegisterOptions, command: Command): Promise<void> {
  const { terminal, target } = settingOf(command);
  const manifest = readManifest(path);
  refuseTakenFile(options);
  const deployment = deploymentOf(manifest.id, options, target);
  const mode = { isDryRun: options.dryRun === true, isRotating: options.rotate === true };
  const registration = await registerConnector(manifest, deployment, mode);
  show(registration, options.writeEnv, terminal);
}

function show({ kind, steps, environment }: Registration, writeEnv: string | undefined, terminal: Terminal): void {
  const hasSecrets = 'TRUEUP_DATABASE_URL' in environment || 'TRUEUP_SERVICE_TOKEN' in environment;
  const text = Object.entries(environment)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
  const isWritten = hasSecrets && writeEnv !== undefined;
  if (isWritten) writeFileSync(writeEnv, text, { mode: 0o600, flag: 'wx' });
  if (terminal.format === 'json')
    terminal.print(JSON.stringify({ kind, steps, environment: hasSecrets && !isWritten ? environment : null }, null, 2));
  else terminal.print(renderRows(terminal.format, steps, columns));
  if (isWritten) terminal.say(`The connector's environment is in ${writeEnv}.`);
  else if (hasSecrets && terminal.format !== 'json')
    terminal.print(`\n# Environment of connector-${kind}. The secrets are not shown again.\n${text}`);
}

function readManifest(path: string): ConnectorManifest {
  const parsed = connectorManifest.safeParse(jsonIn(path));
  if (parsed.success) return parsed.data;
  throw new Failure(EXIT.usage, `The manifest ${path} has faults`, { details: fieldErrorsOf(parsed.error).map(lineOfError) });
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Failure(EXIT.usage, `The manifest ${path} cannot be read: ${(error as Error).message}`);
  }
}

/** Looked at before anything is made: secrets that cannot be written down would be lost. */
function refuseTakenFile({ writeEnv, dryRun }: RegisterOptions): void {
  if (writeEnv === undefined || dryRun || !existsSync(writeEnv)) return;
  throw new Failure(EXIT.usage, `${writeEnv} exists already`, { remedy: 'Name another file, or move it away.' });
}

function deploymentOf(kind: string, { kafkaPrincipal }: RegisterOptions, { card, apiUrl }: Target): Deployment {
  const given = {
    TRUEUP_KAFKA_BROKERS: process.env['TRUEUP_KAFKA_BROKERS'] || card?.kafkaBrokers,
    TRUEUP_DATABASE_URL: process.env['TRUEUP_DATABASE_URL'] || card?.databaseUrl,
  };
  const read = z.object({ ...kafkaConfig, ...databaseConfig }).safeParse(given);
  if (!read.success) {
    throw new Failure(EXIT.usage, "The deployment's own addresses are needed", {
      details: fieldErrorsOf(read.error).map(lineOfError),
      remedy: 'Set TRUEUP_KAFKA_BROKERS and TRUEUP_DATABASE_URL, or run this where a local runtime (npm start) runs.',
    });
  }
  const { TRUEUP_KAFKA_BROKERS: brokers, TRUEUP_DATABASE_URL: databaseUrl } = read.data;
  return { brokers, databaseUrl, apiUrl, principal: kafkaPrincipal ?? `User:connector-${kind}` };
}
