import { parseKafkaListeners } from '../infrastructure/kafka-listeners.js';
import { kafkaCluster } from '../infrastructure/kafka-cluster.js';
import { infrastructureProcesses } from '../infrastructure/infrastructure-processes.js';
import { databaseUrl } from '../infrastructure/postgres-server.js';
import { noRedisSentence } from '../infrastructure/redis-server.js';
import { kafkaJars } from '../parts/kafka-jars.js';
import { redisBinary } from '../parts/redis-binary.js';
import type { Runtime } from '../runtime.js';
import type { RuntimePorts } from '../services/runtime-ports.js';
import type { SupervisedProcess } from '../services/supervised-process.js';
import { StartFailure } from '../start-failure.js';

export interface InfrastructureAddresses {
  readonly kafkaBrokers: string;
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
}

const names: Readonly<Record<string, string>> = { kafka: 'Kafka 4.3.1', postgres: 'PostgreSQL 18', redis: 'Redis' };

/** Brings up Kafka, PostgreSQL and Redis, all at once, after what they need has been fetched and checked. */
export async function startInfrastructure(runtime: Runtime, ports: RuntimePorts): Promise<InfrastructureAddresses> {
  const { home, journal, secrets, printer, fleet, options } = runtime;
  const kafkaListeners = parseKafkaListeners(process.env['TRUEUP_KAFKA_LISTENERS']);
  if (kafkaListeners.length > 0 && options.brokers > 1)
    throw new StartFailure('TRUEUP_KAFKA_LISTENERS gives one broker more listeners: use it without --brokers 3.');
  const { clusterId } = kafkaCluster(home.root, options.brokers);
  await printer.step('Kafka jars checked (the first time they are fetched through Maven)', () => kafkaJars(home.cache));
  const redisCommand = await printer.step(
    (found) => (found === null ? 'Redis looked for, none found' : 'Redis found'),
    () => redisBinary(home.cache),
  );
  if (redisCommand === null) printer.note(noRedisSentence);
  const chosen = await ports.infrastructure(options.brokers);
  const plan = { ports: chosen, clusterId, kafkaListeners, databasePassword: secrets.databasePassword };
  fleet.infrastructure.push(...infrastructureProcesses(plan, { home, journal, redisCommand }, runtime));
  await startAll(runtime);
  return {
    kafkaBrokers: chosen.kafka.map(({ broker }) => `127.0.0.1:${broker}`).join(','),
    databaseUrl: databaseUrl({ port: chosen.postgres, password: secrets.databasePassword }),
    redisUrl: redisCommand === null ? null : `redis://127.0.0.1:${chosen.redis}`,
  };
}

/** Waits for all even when one fails: a server that still starts could not be stopped. */
async function startAll({ fleet, printer }: Runtime): Promise<void> {
  const starts = fleet.infrastructure.map((process) =>
    printer.step(`${nameOf(process)} is up`, async () => {
      await process.start();
      await process.whenReady(10_000);
    }),
  );
  const failed = (await Promise.allSettled(starts)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function nameOf({ service, replica }: SupervisedProcess): string {
  return replica === 0 ? (names[service] ?? service) : `${names[service]}, broker ${replica + 1},`;
}
