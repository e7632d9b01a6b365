import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kafkaProperties } from '../infrastructure/kafka-properties.js';
import { services, type ServiceName } from './service-catalogue.js';
import { serviceEnvironment } from './service-environment.js';

interface ComposeService {
  image: string;
  user?: string;
  read_only?: boolean;
  command?: string[];
  entrypoint?: string[];
  environment: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  healthcheck: { test: string[] };
  depends_on: Record<string, { condition: string }>;
}

const repository = join(import.meta.dirname, '../../../..');
const file = join(repository, 'docker-compose.yml');
const compose = parse(readFileSync(file, 'utf8'), { merge: true }) as { services: Record<string, ComposeService> };
const dockerfile = readFileSync(join(repository, 'deploy/docker/Dockerfile'), 'utf8');
const writeEnv = join(repository, 'deploy/docker/write-env.sh');

const must = (name: string): string => `\${${name}:?run deploy/docker/write-env.sh}`;
const httpPorts: Partial<Record<ServiceName, number>> = { api: 4600, ingest: 4601, 'psa-sandbox': 4602 };
const shared = {
  kafkaBrokers: 'kafka:9092',
  databaseUrls: {
    owner: `postgres://trueup:${must('TRUEUP_DATABASE_PASSWORD')}@postgres:5432/trueup`,
    app: `postgres://trueup_app:${must('TRUEUP_DATABASE_APP_PASSWORD')}@postgres:5432/trueup`,
    worker: `postgres://trueup_worker:${must('TRUEUP_DATABASE_WORKER_PASSWORD')}@postgres:5432/trueup`,
  },
  redisUrl: 'redis://redis:6379',
  apiUrl: 'http://api:4600',
  sandboxUrl: 'http://psa-sandbox:4602',
  homeRoot: '/data',
  hasTestClock: false,
  secrets: {
    adminToken: must('TRUEUP_BOOTSTRAP_ADMIN_TOKEN'),
    eventsToken: must('TRUEUP_BOOTSTRAP_EVENTS_TOKEN'),
    controlToken: 'unused',
    masterKey: must('TRUEUP_MASTER_KEY'),
    databasePassword: 'unused',
    serviceTokens: { autotask: must('TRUEUP_SERVICE_TOKEN_AUTOTASK') },
  },
};

/** What the local runtime would give the service, listening on every address of its container. */
function localEnvironment(name: ServiceName): NodeJS.ProcessEnv {
  const definition = services.find((service) => service.name === name)!;
  const httpPort = httpPorts[name] ?? null;
  const own = { definition, replica: 0, replicas: 1, adminPort: 4640, httpPort, clockOffsetMs: 0 };
  const environment = serviceEnvironment(shared, own, {});
  const hosts = Object.keys(environment).filter((key) => key.endsWith('_HOST'));
  return { ...environment, ...Object.fromEntries(hosts.map((key) => [key, '0.0.0.0'])) };
}

function dockerCompose(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-compose-'));
  try {
    const envFile = join(folder, 'env');
    const written = spawnSync('sh', [writeEnv, envFile], { encoding: 'utf8' });
    const mode = statSync(envFile).mode & 0o777;
    const isThere = spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0;
    const run = isThere
      ? spawnSync('docker', ['compose', '-f', file, '--env-file', envFile, ...args], { encoding: 'utf8' })
      : null;
    return { written, mode, values: readFileSync(envFile, 'utf8'), run, again: spawnSync('sh', [writeEnv, envFile]).status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('docker-compose.yml', () => {
  it.each(services.map(({ name }) => name))('gives %s the environment that the local start gives it', (name) => {
    expect(compose.services[name]!.environment).toEqual(localEnvironment(name));
    expect(compose.services[name]!.command).toEqual([name]);
  });

  it('publishes the ports of the local start on loopback alone', () => {
    const published = Object.entries(compose.services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${port}`),
    );
    const local = Object.entries(httpPorts).map(([name, port]) => `${name} 127.0.0.1:${port}:${port}`);

    expect(published.sort()).toEqual(local.sort());
  });

  it('runs every service as nobody special on a read-only root, and asks its admin side whether it is ready', () => {
    for (const { name } of services) {
      const { user, read_only: isReadOnly, healthcheck, environment } = compose.services[name]!;
      expect([name, user, isReadOnly]).toEqual([name, '10001:10001', true]);
      expect(healthcheck.test.join(' ')).toContain(`:${environment['TRUEUP_ADMIN_PORT']}/readyz`);
    }
  });

  it('creates the topics before any service starts, by the code of the local start', () => {
    const { entrypoint, depends_on: needs } = compose.services['topics']!;
    const source = entrypoint![1]!.replace('/dist/', '/src/').replace(/\.js$/, '.ts');

    expect(readFileSync(join(repository, source), 'utf8')).toContain("from './commands/create-topics.js'");
    expect(needs['kafka']).toEqual({ condition: 'service_healthy' });
    for (const { name } of services)
      expect(compose.services[name]!.depends_on['topics']).toEqual({ condition: 'service_completed_successfully' });
  });

  it('makes the database roles before any service starts, by the code of the local start', () => {
    const { entrypoint, depends_on: needs, environment } = compose.services['database-roles']!;
    const source = entrypoint![1]!.replace('/dist/', '/src/').replace(/\.js$/, '.ts');

    expect(readFileSync(join(repository, source), 'utf8')).toContain("from './infrastructure/database-roles.js'");
    expect(environment['TRUEUP_DATABASE_OWNER_URL']).toBe(shared.databaseUrls.owner);
    expect(needs['postgres']).toEqual({ condition: 'service_healthy' });
    for (const { name } of services)
      expect(compose.services[name]!.depends_on['database-roles']).toEqual({ condition: 'service_completed_successfully' });
  });

  it('sets the broker up as the local start does', () => {
    const lines = kafkaProperties({ brokerPort: 1, controllerPort: 2, extraListeners: [] }, '/data').trim().split('\n');
    const local = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    const names = Object.keys(local).map((key) => `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`);
    const { environment } = compose.services['kafka']!;
    const isAddress = /LISTENERS$|VOTERS$|LOG_DIRS$|PROTOCOL_MAP$/;

    expect(
      Object.keys(environment)
        .filter((name) => name !== 'KAFKA_HEAP_OPTS')
        .sort(),
    ).toEqual(names.sort());
    for (const [key, value] of Object.entries(local)) {
      const name = `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`;
      if (!isAddress.test(name)) expect([name, environment[name]]).toEqual([name, value]);
    }
  });

  it('is accepted by docker compose where that is installed, with secrets that a script writes once', () => {
    const { written, mode, values, run, again } = dockerCompose('config', '--quiet');

    expect([written.status, mode, again]).toEqual([0, 0o600, 1]);
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/\$\{([A-Z_]+):\?/g)) expect(values).toContain(`${name}=`);
    expect(run === null ? '' : run.stderr).toBe('');
  });
});

describe('the image', () => {
  it('pins the Node that the repository pins, and takes the service from the first word', () => {
    const root = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { devDependencies: { node: string } };
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]!);

    expect(bases).toEqual(Array.from({ length: 2 }, () => `node:${root.devDependencies.node}-trixie-slim`));
    expect(dockerfile).toContain('apps/$0/dist/main.js');
    for (const { name } of services) expect(existsSync(join(repository, 'apps', name, 'src/main.ts'))).toBe(true);
  });
});
