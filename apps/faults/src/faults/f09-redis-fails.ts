import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, FaultRun } from '../fault.js';
import { redisCommand, redisPort } from '../infra/redis.js';
import { TcpProxy } from '../proxy/tcp-proxy.js';
import { OwnPsa, type PsaCall } from '../psa/own-psa.js';

const REPLICAS = 2;
/** Autotask's limits: of calls an hour, and of calls at once to an endpoint. */
const CALLS_AN_HOUR = 10_000;
const AT_ONCE = 3;
const FLUSHES = 6;
const SLOW_MS = 400;

/** Redis dies, forgets, and is slow, while two replicas of the connector share a PSA's limits through it. */
export const f09RedisFails: Fault = {
  id: 'F9',
  title: 'Redis is killed, emptied and slow under two replicas of the connector',
  mustHold: "the PSA's limits hold without it, and repeats are recognised as before",
  needs: { replicas: { 'connector-autotask': REPLICAS } },
  async inject(run) {
    const { runtime, main } = run;
    const psa = await OwnPsa.of(main);
    await psa.arm({ kind: 'slow', ms: 60, access: 'any', count: 'always' });
    const since = await psa.lastCall();
    const sender = main.load.start(8);
    const port = redisPort(runtime);
    for (let flush = 0; flush < FLUSHES; flush++) {
      await redisCommand(port, 'FLUSHALL');
      await wait(run.random() * 400);
    }
    await runtime.kill('redis');
    await wait(1_000 + run.random() * 2_000);
    await repeat(run);
    await runtime.restart('redis');
    await withSlowRedis(run, port);
    await sender.stop();
    await psa.disarm();
    judge(run, await psa.calls(since));
  },
};

/** Connectors and ingest reach Redis through a proxy that delays every byte. */
async function withSlowRedis(run: FaultRun, port: number): Promise<void> {
  const { runtime } = run;
  const proxy = await TcpProxy.before(port);
  const users = [
    ...Array.from({ length: REPLICAS }, (_, replica) => ['connector-autotask', replica] as const),
    ['ingest', 0] as const,
  ];
  for (const [service, replica] of users) {
    await runtime.restart(service, replica, { TRUEUP_REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
  }
  proxy.set({ latencyMs: SLOW_MS });
  await repeat(run);
  await wait(3_000);
  proxy.set({ isBlackhole: true });
  await repeat(run);
  await wait(2_000);
  for (const [service, replica] of users) await runtime.restart(service, replica, {});
  await proxy.close();
}

/** What the store has had for long is sent once more: the answer must call all of it known. */
async function repeat({ main, claim }: FaultRun): Promise<void> {
  const known = main.load.acknowledged.slice(0, 7);
  const answer = await main.load.post(known);
  claim(
    'repeats are recognised without Redis',
    answer.status === 202 && answer.results.every(({ status }) => status === 'duplicate'),
  );
}

function judge(run: FaultRun, calls: readonly PsaCall[]): void {
  const atOnce = mostAtOnce(calls);
  run.figure('calls', calls.length);
  run.figure('most_at_once', atOnce);
  run.claim(`no endpoint of the PSA sees more than ${AT_ONCE} calls at once`, atOnce <= AT_ONCE);
  run.claim(`no hour sees more than ${CALLS_AN_HOUR} calls`, calls.length <= CALLS_AN_HOUR);
}

/** The most calls that ran at the same time at one endpoint. */
function mostAtOnce(calls: readonly PsaCall[]): number {
  const starts = calls.map(({ path, at, endedAt }) => ({
    endpoint: endpointOf(path),
    from: Date.parse(at),
    to: Date.parse(endedAt),
  }));
  const running = starts.map(
    ({ endpoint, from }) => starts.filter((other) => other.endpoint === endpoint && other.from <= from && from < other.to).length,
  );
  return Math.max(0, ...running);
}

const endpointOf = (path: string): string => /\/V1\.0\/([^/?]+)/i.exec(path)?.[1]?.toLowerCase() ?? '';
