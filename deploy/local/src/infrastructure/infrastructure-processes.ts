import type { RuntimeHome } from '../home/runtime-home.js';
import { isPortFree } from '../network/free-port.js';
import type { ProcessJournal } from '../processes/process-journal.js';
import { type ProcessDefinition, type ProcessWatcher, SupervisedProcess } from '../services/supervised-process.js';
import type { KafkaListener } from './kafka-listeners.js';
import { startKafka } from './kafka-server.js';
import { startPostgres } from './postgres-server.js';
import { startRedis } from './redis-server.js';

export interface InfrastructurePlan {
  readonly ports: { broker: number; controller: number; postgres: number; redis: number };
  readonly kafkaListeners: readonly KafkaListener[];
  readonly databasePassword: string;
}

/** Broker, database and (where a binary exists) Redis as supervised processes, not yet started. */
export function infrastructureProcesses(
  plan: InfrastructurePlan,
  context: { home: RuntimeHome; journal: ProcessJournal; redisCommand: string | null },
  watcher: ProcessWatcher,
): SupervisedProcess[] {
  const { home, journal, redisCommand } = context;
  const { ports, kafkaListeners, databasePassword } = plan;
  const kafka = { brokerPort: ports.broker, controllerPort: ports.controller, extraListeners: kafkaListeners };
  const definitions = [
    definition('kafka', ports.broker, () => startKafka(home, journal, kafka)),
    definition('postgres', ports.postgres, () =>
      startPostgres(home, journal, { port: ports.postgres, password: databasePassword }),
    ),
  ];
  if (redisCommand !== null)
    definitions.push(definition('redis', ports.redis, () => startRedis(home, journal, redisCommand, ports.redis)));
  return definitions.map((one) => new SupervisedProcess(one, watcher));
}

function definition(service: string, port: number, launch: ProcessDefinition['launch']): ProcessDefinition {
  return { service, replica: 0, launch, isReady: async () => !(await isPortFree(port)) };
}
