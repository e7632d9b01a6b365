import { randomBytes } from 'node:crypto';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import type { HarnessPart, HarnessParts } from './harness-server.js';

/** The same servers as containers, for machines with Docker and without a JDK or Maven. */
export class ContainerParts implements HarnessParts {
  private readonly running: StartedTestContainer[] = [];

  start(part: HarnessPart): Promise<string> {
    if (part === 'kafka') return this.kafka();
    return part === 'postgres' ? this.postgres() : this.redis();
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((container) => container.stop()));
  }

  private async postgres(): Promise<string> {
    const password = randomBytes(18).toString('base64url');
    const container = await this.run(
      new GenericContainer('postgres:18')
        .withEnvironment({ POSTGRES_USER: 'trueup', POSTGRES_PASSWORD: password, POSTGRES_DB: 'trueup' })
        .withCommand(['postgres', '-c', 'max_connections=200'])
        .withExposedPorts(5432)
        // The image's first, socket-only server says the same sentence once before the real one does.
        .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2)),
    );
    return `postgres://trueup:${password}@${container.getHost()}:${container.getMappedPort(5432)}/trueup`;
  }

  private async redis(): Promise<string> {
    const container = await this.run(new GenericContainer('redis:7').withExposedPorts(6379));
    return `redis://${container.getHost()}:${container.getMappedPort(6379)}`;
  }

  private async kafka(): Promise<string> {
    const { host, port } = await freeHostPort();
    await this.run(
      new GenericContainer('apache/kafka:4.3.1')
        .withEnvironment(kafkaEnvironment(host, port))
        // The broker tells clients its address, so the mapped port must be known before it starts.
        .withExposedPorts({ container: 9092, host: port })
        .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/)),
    );
    return `${host}:${port}`;
  }

  private async run(container: GenericContainer): Promise<StartedTestContainer> {
    const started = await container.start();
    this.running.push(started);
    return started;
  }
}

async function freeHostPort(): Promise<{ host: string; port: number }> {
  const { PortChooser } = await import('@trueup/local-runtime');
  const port = await new PortChooser(() => undefined).choose(30_000 + Math.floor(Math.random() * 10_000), 'kafka');
  return { host: '127.0.0.1', port };
}

function kafkaEnvironment(host: string, port: number): Record<string, string> {
  return {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@127.0.0.1:9093',
    KAFKA_LISTENERS: 'BROKER://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093',
    KAFKA_ADVERTISED_LISTENERS: `BROKER://${host}:${port}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    // Inside the container the mapped address does not exist; a single broker never dials itself.
    KAFKA_INTER_BROKER_LISTENER_NAME: 'BROKER',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  };
}
