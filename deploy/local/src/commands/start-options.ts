import { parseArgs } from 'node:util';
import { findService, services, type ServiceName } from '../services/service-catalogue.js';
import { StartFailure } from '../start-failure.js';

export interface StartOptions {
  /** False with --no-demo: one tenant and nothing else. */
  readonly isDemoWanted: boolean;
  /** True with --test-clock: the clock of all processes can be moved together. */
  readonly hasTestClock: boolean;
  /** Kafka brokers: three keep every record twice at least, so that one of them may be lost. Default: 1. */
  readonly brokers: 1 | 3;
  /** Services to start, in starting order. Default: all. */
  readonly only: readonly ServiceName[];
  /** How many processes a service gets. Default: 1. */
  replicasOf(service: ServiceName): number;
}

const flags = {
  'no-demo': { type: 'boolean', default: false },
  'test-clock': { type: 'boolean', default: false },
  brokers: { type: 'string', default: '1' },
  only: { type: 'string', multiple: true, default: [] as string[] },
  replicas: { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** Reads what follows `npm start --`; throws StartFailure with the remedy. Lists may be comma-separated or repeated. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = parsed(args);
  const chosen = new Set(members(values.only).map((name) => findService(name).name));
  const replicas = new Map(members(values.replicas).map(parseReplicas));
  return {
    isDemoWanted: !values['no-demo'],
    hasTestClock: values['test-clock'],
    brokers: parseBrokers(values.brokers),
    only: services.map(({ name }) => name).filter((name) => chosen.size === 0 || chosen.has(name)),
    replicasOf: (service) => replicas.get(service) ?? 1,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, allowPositionals: false }).values;
  } catch (error) {
    throw new StartFailure(
      `${(error as Error).message}. Known: --no-demo, --test-clock, --brokers <1 or 3>, --only <services>, --replicas <service>=<n>.`,
    );
  }
}

function members(lists: readonly string[]): string[] {
  const all = lists.flatMap((list) => list.split(','));
  return all.map((member) => member.trim()).filter((member) => member !== '');
}

function parseBrokers(text: string): 1 | 3 {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw new StartFailure(`--brokers takes 1 or 3, not "${text}": two brokers could not lose one.`);
}

function parseReplicas(text: string): [ServiceName, number] {
  const [, name, count] = /^([^=]+)=([1-9]\d?)$/.exec(text) ?? [];
  if (name === undefined) throw new StartFailure(`--replicas takes <service>=<1 to 99>, not "${text}".`);
  const service = findService(name);
  if (!service.canHaveReplicas && count !== '1')
    throw new StartFailure(`${name} keeps its records in one process: it has no replicas.`);
  return [service.name, Number(count)];
}
