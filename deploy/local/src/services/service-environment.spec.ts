import { describe, expect, it } from 'vitest';
import { findService, type ServiceName, services } from './service-catalogue.js';
import { chosenByCaller, serviceEnvironment } from './service-environment.js';

const secrets = {
  adminToken: 'admin-secret',
  eventsToken: 'events-secret',
  controlToken: 'control-secret',
  masterKey: 'key-secret',
  databasePassword: 'password-secret',
  serviceTokens: { autotask: 'service-secret' },
};
const shared = {
  kafkaBrokers: '127.0.0.1:1',
  databaseUrls: { owner: 'postgres://owner@here', app: 'postgres://app@here', worker: 'postgres://worker@here' },
  redisUrl: null,
  apiUrl: 'http://127.0.0.1:4600',
  sandboxUrl: 'http://127.0.0.1:4602',
  homeRoot: '/home',
  hasTestClock: false,
  secrets,
};
const environmentOf = (name: ServiceName, caller: NodeJS.ProcessEnv = {}, more = {}): NodeJS.ProcessEnv =>
  serviceEnvironment(
    { ...shared, ...more },
    { definition: findService(name), replica: 1, replicas: 2, adminPort: 7, httpPort: 8, clockOffsetMs: 42 },
    caller,
  );

describe('the environment of a service', () => {
  it('holds every address', () => {
    expect(environmentOf('ingest')).toMatchObject({
      TRUEUP_KAFKA_BROKERS: '127.0.0.1:1',
      TRUEUP_DATABASE_URL: 'postgres://worker@here',
      TRUEUP_HTTP_PORT: '8',
      TRUEUP_ADMIN_PORT: '7',
      TRUEUP_REPLICA: '1',
      TRUEUP_REPLICAS: '2',
    });
  });

  it('lacks the Redis address where there is no Redis', () => {
    expect(environmentOf('ingest')).not.toHaveProperty('TRUEUP_REDIS_URL');
  });

  it('takes an address that the caller set, so that a proxy can stand between', () => {
    const caller = { TRUEUP_KAFKA_BROKERS: '127.0.0.1:9', TRUEUP_HOME: '/elsewhere' };

    expect(environmentOf('ingest', caller)['TRUEUP_KAFKA_BROKERS']).toBe('127.0.0.1:9');
    expect(chosenByCaller(caller)).toEqual(['TRUEUP_KAFKA_BROKERS']);
  });

  it('holds the database roles that its work takes, and no other', () => {
    const knowing = (user: string): string[] =>
      services.map(({ name }) => name).filter((name) => JSON.stringify(environmentOf(name)).includes(`//${user}@`));

    expect(knowing('app')).toEqual(['api', 'ingest']);
    expect(knowing('worker')).toEqual(['api', 'ingest', 'billing-projector', 'change-control', 'connector-autotask']);
    expect(knowing('owner')).toEqual(knowing('worker'));
  });

  it('leaves the roles to the caller who brings a database', () => {
    const names = Object.keys(environmentOf('api', { TRUEUP_DATABASE_URL: 'postgres://elsewhere' }));

    expect(names.filter((name) => name.startsWith('TRUEUP_DATABASE'))).toEqual(['TRUEUP_DATABASE_URL']);
  });

  it('leaks nothing of npm and of the runtime', () => {
    const environment = environmentOf('ingest', { npm_config_registry: 'x', TRUEUP_HOME: '/h', PATH: '/bin' });

    expect(environment).not.toHaveProperty('npm_config_registry');
    expect(environment).not.toHaveProperty('TRUEUP_HOME');
    expect(environment['PATH']).toBe('/bin');
  });

  it('gives a secret to nobody who does not need it', () => {
    const knowing = (secret: string): string[] =>
      services.map(({ name }) => name).filter((name) => JSON.stringify(environmentOf(name)).includes(secret));

    expect(knowing('key-secret')).toEqual(['api']);
    expect(knowing('admin-secret')).toEqual(['api']);
    expect(knowing('service-secret')).toEqual(['api', 'connector-autotask']);
    expect(knowing('control-secret')).toEqual([]);
  });

  it('lets connections point at the sandbox and at hosts that the operator listed, and at no other', () => {
    expect(environmentOf('api')['TRUEUP_TEST_HOSTS']).toBe('127.0.0.1:4602');
    expect(environmentOf('api', { TRUEUP_TEST_HOSTS: 'double:1' })['TRUEUP_TEST_HOSTS']).toBe('127.0.0.1:4602,double:1');
  });

  it('carries the clock only with a test clock', () => {
    expect(environmentOf('api')).not.toHaveProperty('TRUEUP_TEST_CLOCK');
    expect(environmentOf('api', {}, { hasTestClock: true })).toMatchObject({
      TRUEUP_TEST_CLOCK: '1',
      TRUEUP_CLOCK_OFFSET_MS: '42',
    });
  });
});
