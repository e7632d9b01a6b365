import { exchange } from '../connect/exchange.js';
import type { LocalCard } from '../connect/local-card.js';
import { failing, type Finding, note, ok } from './finding.js';

const TIMEOUT_MS = 5_000;

/** Readiness and lag of every process of a local runtime, from the admin sides that its card names. */
export async function localServiceFindings({ adminPorts }: LocalCard): Promise<Finding[]> {
  const replicas = Object.entries(adminPorts).flatMap(([service, ports]) =>
    ports.map((port, replica) => ({ service, port, replica })),
  );
  return (await Promise.all(replicas.map(findingsOf))).flat();
}

async function findingsOf({ service, port, replica }: { service: string; port: number; replica: number }): Promise<Finding[]> {
  const name = replica === 0 ? service : `${service} ${replica}`;
  const url = `http://127.0.0.1:${port}`;
  const ready = await exchange({ url: `${url}/readyz`, timeoutMs: TIMEOUT_MS });
  if ('unreachable' in ready)
    return [failing(name, `down: ${ready.unreachable}`, `See its log under .trueup/logs (${service}-${replica}.log).`)];
  if (ready.status !== 200)
    return [failing(name, `not ready: ${problemsIn(ready.body)}`, `See its log under .trueup/logs (${service}-${replica}.log).`)];
  const metrics = await exchange({ url: `${url}/metrics`, timeoutMs: TIMEOUT_MS });
  const lag = 'status' in metrics ? lagIn(String(metrics.body)) : null;
  if (lag !== null && lag > 0) return [note(name, `ready, ${lag} records behind`)];
  return [ok(name, lag === null ? 'ready' : 'ready, nothing behind')];
}

/** Records that the consumers of a process have not yet dealt with, summed over its partitions; null where it does not tell. */
export function lagIn(metrics: string): number | null {
  const samples = [...metrics.matchAll(/^trueup_kafka_lag_messages(?:\{[^}]*\})? (\d+(?:\.\d+)?(?:e\+?\d+)?)$/gm)];
  return samples.length === 0 ? null : samples.reduce((sum, [, value]) => sum + Number(value), 0);
}

function problemsIn(body: unknown): string {
  const problems =
    typeof body === 'object' && body !== null && 'problems' in body ? (body.problems as Record<string, string>) : {};
  return (
    Object.entries(problems)
      .map(([name, problem]) => `${name}: ${problem}`)
      .join('; ') || 'no reason given'
  );
}
