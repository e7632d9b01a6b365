import type { RuntimeHome } from '../home/runtime-home.js';
import { isPortFree } from '../network/free-port.js';
import type { ProcessJournal } from '../processes/process-journal.js';
import { type ProcessDefinition, type ProcessWatcher, SupervisedProcess } from '../services/supervised-process.js';
import type { KafkaPorts } from '../services/runtime-ports.js';
import type { KafkaListener } from './kafka-listeners.js';
import type { KafkaMember } from './kafka-properties.js';
import { startKafka } from './kafka-server.js';
import { startPostgres } from './postgres-server.js';
import { startRedis } from './redis-server.js';

export interface InfrastructurePlan {
  readonly ports: { kafka: readonly KafkaPorts[]; postgres: number; redis: number };
  readonly clusterId: string;
  /** Of the first broker. */
  readonly kafkaListeners: readonly KafkaListener[];
  readonly databasePassword: string;
}

/** Brokers, database and (where a binary exists) Redis as supervised processes, not yet started. */
export function infrastructureProcesses(
  plan: InfrastructurePlan,
  context: { home: RuntimeHome; journal: ProcessJournal; redisCommand: string | null },
  watcher: ProcessWatcher,
): SupervisedProcess[] {
  const { home, journal, redisCommand } = context;
  const { ports, databasePassword } = plan;
  const definitions = [
    ...kafkaNodes(plan, context),
    definition('postgres', ports.postgres, () =>
      startPostgres(home, journal, { port: ports.postgres, password: databasePassword }),
    ),
  ];
  if (redisCommand !== null)
    definitions.push(definition('redis', ports.redis, () => startRedis(home, journal, redisCommand, ports.redis)));
  return definitions.map((one) => new SupervisedProcess(one, watcher));
}

function kafkaNodes(
  { ports, clusterId, kafkaListeners }: InfrastructurePlan,
  { home, journal }: { home: RuntimeHome; journal: ProcessJournal },
): ProcessDefinition[] {
  const controllerPorts = ports.kafka.map(({ controller }) => controller);
  return ports.kafka.map(({ broker, controller }, index) => {
    const member: KafkaMember = { index, controllerPorts, clusterId };
    const extraListeners = index === 0 ? kafkaListeners : [];
    const addresses = { brokerPort: broker, controllerPort: controller, extraListeners, member };
    return definition('kafka', broker, () => startKafka(home, journal, addresses), index);
  });
}

function definition(service: string, port: number, launch: ProcessDefinition['launch'], replica = 0): ProcessDefinition {
  return { service, replica, launch, isReady: async () => !(await isPortFree(port)) };
}
