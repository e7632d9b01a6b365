import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoints } from '../card/endpoints-file.js';
import { removeOutsidePlace } from '../infrastructure/postgres-place.js';
import { PortChooser } from '../network/free-port.js';
import { identifyProcess } from '../processes/process-identity.js';

const program = join(import.meta.dirname, '../../dist/main.js');

describe('npm start', { timeout: 120_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), 'trueup-spec-'));
  const endpointsPath = join(home, 'endpoints.json');
  let portBase: number;
  let runtime: ChildProcess;
  let printed: string;

  beforeAll(async () => {
    portBase = await new PortChooser(() => undefined).choose(31_000 + Math.floor(Math.random() * 4_000), 'spec');
    runtime = await startedRuntime();
  });
  afterAll(async () => {
    await ended(run('stop'));
    await removeOutsidePlace(home);
    rmSync(home, { recursive: true });
  });

  function run(...args: string[]): ChildProcess {
    const listeners = `PROXY://127.0.0.1:${portBase + 50}=127.0.0.1:${portBase + 51}`;
    const cache = process.env['TRUEUP_CACHE'] ?? join(import.meta.dirname, '../../../../.trueup/cache');
    const env = {
      ...process.env,
      TRUEUP_HOME: home,
      TRUEUP_CACHE: cache,
      TRUEUP_PORT_BASE: String(portBase),
      TRUEUP_KAFKA_LISTENERS: listeners,
    };
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    return child;
  }

  async function startedRuntime(): Promise<ChildProcess> {
    const child = run('start', '--only', 'psa-sandbox', '--test-clock');
    while (!existsSync(endpointsPath)) {
      if (child.exitCode !== null) throw new Error(printed);
      await sleep(100);
    }
    return child;
  }

  const endpoints = (): Endpoints => JSON.parse(readFileSync(endpointsPath, 'utf8')) as Endpoints;

  async function control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const { controlUrl, tokens } = endpoints();
    const headers = { authorization: `Bearer ${tokens.control}` };
    const answer = await fetch(controlUrl + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return (await answer.json()) as Record<string, unknown>;
  }

  async function everyPid(): Promise<number[]> {
    const status = (await control('GET', '/status')) as { processes: { pid: number }[]; infrastructure: { pid: number }[] };
    return [...status.processes, ...status.infrastructure].map(({ pid }) => pid);
  }

  it('writes a card for scripts that nobody else may read', () => {
    expect(statSync(endpointsPath).mode & 0o777).toBe(0o600);
    expect(endpoints()).toMatchObject({
      sandboxes: { autotask: expect.stringMatching(/^http:/) },
      kafkaBrokers: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      connections: {},
      adminPorts: { 'psa-sandbox': [expect.any(Number)] },
      pids: { 'psa-sandbox': [expect.any(Number)] },
    });
  });

  it('says that it runs when it is started a second time', async () => {
    expect(await ended(run('start'))).toBe(0);

    expect(printed).toContain('is running already');
    expect(printed).toContain(endpoints().sandboxes['autotask']);
  });

  it('leaves a killed process down until it is restarted', async () => {
    const [before] = endpoints().pids['psa-sandbox']!;
    expect(await control('POST', '/processes/psa-sandbox/0/signal', { signal: 'SIGKILL' })).toMatchObject({
      state: 'down',
      pid: null,
    });
    await sleep(1_500);
    expect(endpoints().pids['psa-sandbox']).toEqual([]);

    const report = await control('POST', '/processes/psa-sandbox/0/restart');

    expect(report).toMatchObject({ state: 'running', pid: expect.any(Number) });
    expect(endpoints().pids['psa-sandbox']).toEqual([report['pid']]);
    expect(report['pid']).not.toBe(before);
  });

  it('moves the clock of its processes, of restarted ones too', async () => {
    const { now } = await control('POST', '/clock', { advance: 'P1Y' });
    await control('POST', '/processes/psa-sandbox/0/restart');

    const sandbox = (await (await fetch(`${endpoints().sandboxes['autotask']}/_sandbox/clock`)).json()) as { now: string };

    expect(Math.abs(Date.parse(sandbox.now) - Date.parse(String(now)))).toBeLessThan(30_000);
  });

  it('lets a proxy stand before the broker', async () => {
    const connections: number[] = [];
    const proxy = await relay(portBase + 51, portBase + 50, () => connections.push(1));
    const kafka = new kafkajs.Kafka({ brokers: [`127.0.0.1:${portBase + 51}`], logLevel: kafkajs.logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    await admin.disconnect();
    proxy.close();

    expect(brokers).toEqual([{ nodeId: 1, host: '127.0.0.1', port: portBase + 51 }]);
    expect(connections.length).toBeGreaterThan(0);
  });

  it('ends what a killed runtime left, when it is started again', async () => {
    const left = await everyPid();
    runtime.kill('SIGKILL');
    await ended(runtime);
    expect(left.every((pid) => identifyProcess(pid) !== null)).toBe(true);
    rmSync(endpointsPath);

    runtime = await startedRuntime();

    expect(printed).toContain('Ended what an earlier runtime left behind');
    expect(left.filter((pid) => identifyProcess(pid) !== null)).toEqual([]);
  });

  it('leaves no process and no card after Ctrl-C', async () => {
    const pids = await everyPid();
    runtime.kill('SIGINT');

    expect(await ended(runtime)).toBe(0);

    expect(pids.filter((pid) => identifyProcess(pid) !== null)).toEqual([]);
    expect(existsSync(endpointsPath)).toBe(false);
  });

  it('can be interrupted while it starts', async () => {
    const starting = run('start', '--only', 'psa-sandbox');
    while (!printed.includes('PostgreSQL')) await sleep(20);
    starting.kill('SIGTERM');

    expect(await ended(starting)).toBe(0);

    expect(JSON.parse(readFileSync(join(home, 'processes.json'), 'utf8'))).toEqual([]);
  });
});

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

function relay(from: number, to: number, onConnection: () => void): Promise<Server> {
  const server = createServer((client) => {
    onConnection();
    const upstream = connect({ port: to, host: '127.0.0.1' });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
  });
  return new Promise((resolve) => server.listen(from, '127.0.0.1', () => resolve(server)));
}
