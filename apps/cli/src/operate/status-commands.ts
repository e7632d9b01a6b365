import type { Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { renderRows } from '../output/render-rows.js';
import { type Setting, settingOf } from '../setting.js';
import { ServiceQuestions } from './ask-service.js';
import { type Finding, findingColumns, findingText } from './finding.js';
import { localServiceFindings } from './local-services.js';
import { machineFindings } from './machine-findings.js';
import { apiFindings, ingestFindings, versionFindings } from './reach-findings.js';
import { connectionFindings, holdFindings, periodFindings, quarantineFindings, unmappedFindings } from './tenant-findings.js';

/** `trueup status` and `trueup doctor` */
export function addStatusCommands(program: Command): void {
  program
    .command('status')
    .description('what runs, and what waits for a person; exit code 1 when something is not well')
    .action((_: object, command: Command) => tell(command, statusOf));
  program
    .command('doctor')
    .option('--local', 'look at this machine too, as a home for the local runtime (default where no address is named)')
    .description('look for what is wrong; every ✗ has a remedy in one line; exit code 1 when there is any')
    .addHelpText('after', '\nMarks: ✓ well, ✗ wrong, ! worth knowing, - could not be asked')
    .action(({ local }: { local?: boolean }, command: Command) => tell(command, (setting) => examine(setting, local === true)));
}

async function tell(command: Command, look: (setting: Setting) => Promise<Finding[]>): Promise<void> {
  const setting = settingOf(command);
  const { terminal } = setting;
  const findings = await look(setting);
  if (terminal.format === 'table') for (const finding of findings) terminal.print(findingText(finding, terminal));
  else terminal.print(renderRows(terminal.format, findings, findingColumns));
  if (findings.some(({ state }) => state === 'failing')) process.exitCode = EXIT.unhealthy;
}

async function statusOf(setting: Setting): Promise<Finding[]> {
  const questions = new ServiceQuestions(setting);
  const [api, ingest] = await Promise.all([apiFindings(questions, setting), ingestFindings(questions, setting)]);
  const services = setting.target.card ? await localServiceFindings(setting.target.card) : [];
  const reached = [...api, ...ingest].filter(({ check, state }) => ['api', 'ingest'].includes(check) || state === 'failing');
  const tenant = [connectionFindings, holdFindings, unmappedFindings, periodFindings];
  return [...reached, ...services, ...(await askAll(questions, api, tenant))];
}

async function examine(setting: Setting, isLocalAsked: boolean): Promise<Finding[]> {
  const questions = new ServiceQuestions(setting);
  const { card, apiUrl, ingestUrl } = setting.target;
  const isHere = isLocalAsked || card !== null || (apiUrl === null && ingestUrl === null);
  const machine = isHere ? await machineFindings(process.env, process.cwd(), card !== null) : [];
  const services = card ? await localServiceFindings(card) : [];
  const api = await apiFindings(questions, setting);
  const ingest = await ingestFindings(questions, setting);
  const tenant = [versionFindings, connectionFindings, unmappedFindings, holdFindings, quarantineFindings];
  return [...machine, ...services, ...api, ...ingest, ...(await askAll(questions, api, tenant))];
}

/** Where nobody listens, or nobody is let in, ten more questions would only repeat the first answer. */
async function askAll(
  questions: ServiceQuestions,
  api: readonly Finding[],
  ask: readonly ((questions: ServiceQuestions) => Promise<Finding[]>)[],
): Promise<Finding[]> {
  const isClosed = api.some(({ check, state }) => ['api', 'token'].includes(check) && state === 'failing');
  return isClosed ? [] : (await Promise.all(ask.map((one) => one(questions)))).flat();
}
