import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CODES, type Code } from '@trueup/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guides, runBlocks, shellBlocksOf } from './documents.js';
import { call, REPOSITORY, type StartedRuntime, startRuntime } from '@trueup/testing/product';

const PORT_BASE = 21_800;
const blocks = shellBlocksOf('README.md');

/** Trouble of the PSA and of our own parts, which demo:play or nobody provokes, and codes that nothing says today. */
const NOT_ON_A_HEALTHY_DAY = new Set<Code>([
  ...(['PSA_UNREACHABLE', 'BREAKER_OPEN', 'RATE_LIMITED', 'SETTINGS_STALE', 'SOURCE_UNREACHABLE'] as const),
  ...(['PERIOD_INVALID', 'PHASE_STARTED', 'PHASE_FINISHED', 'WORKER_STARTED', 'PAYLOAD_INVALID'] as const),
]);

describe('the README', () => {
  let started: StartedRuntime;
  beforeAll(async () => {
    started = await startRuntime([], PORT_BASE);
  });
  afterAll(async () => {
    await started?.stop();
  });

  it('names the start and the test command and nothing else without a running product', () => {
    expect([blocks[0], blocks.at(-1)]).toEqual(['npm start', 'npm test']);
  });

  it('shows commands that work one after the other as they stand', async () => {
    await started.runtime.settled();
    const { output, trouble } = runBlocks(
      blocks.slice(1, -1).flatMap((block) => [block, 'sleep 3']),
      started.runtime.home,
    );
    expect(trouble).toBe('');
    expect(output).toContain('"accepted":1');
    expect(output).toContain('"unitChange":1');
    expect(output).toContain('= quantity');
  });

  it('promises a card that a second start prints again, and a file for scripts that only its owner reads', () => {
    const { home } = started.runtime;
    const again = spawnSync(process.execPath, ['deploy/bootstrap.mjs', 'start'], {
      cwd: REPOSITORY,
      encoding: 'utf8',
      env: { ...process.env, TRUEUP_HOME: home, TRUEUP_PORT_BASE: String(PORT_BASE), NO_COLOR: '1' },
    });
    expect(again.status).toBe(0);
    expect(again.stdout).toMatch(/running/i);
    expect(again.stdout).toContain(started.runtime.endpoints.ingestUrl);
    expect(statSync(join(home, 'endpoints.json')).mode & 0o777).toBe(0o600);
  });

  it('promises a demo of 40 customers with three closed periods, most of whose lines are delivered', async () => {
    const { apiUrl, tokens } = started.runtime.endpoints;
    const read = async <T>(path: string): Promise<T[]> => {
      const answer = await fetch(`${apiUrl}/v1${path}`, { headers: { authorization: `Bearer ${tokens.admin}` } });
      return ((await answer.json()) as { data: T[] }).data;
    };
    expect(await read('/customers?limit=50')).toHaveLength(40);
    const periods = await read<{ state: string }>('/periods?count=4');
    expect(periods.map(({ state }) => state)).toEqual(['open', 'closed', 'closed', 'closed']);
    const lines = await read<{ deliveries: { state: string }[] }>('/lines?limit=1000');
    const states = lines.flatMap(({ deliveries }) => deliveries.map(({ state }) => state));
    expect(states.filter((state) => state === 'delivered').length).toBeGreaterThan(states.length / 2);
  });

  it.each(guides())('leads to %s, whose commands work one after the other as they stand', (guide) => {
    expect(runBlocks(shellBlocksOf(guide), started.runtime.home).trouble).toBe('');
  });

  it('promises a demo in which every code of a healthy day shows once', async () => {
    const { apiUrl, tokens } = started.runtime.endpoints;
    const { data: runs } = await call<{ data: { counts: Partial<Record<Code, number>> }[] }>(
      'GET',
      `${apiUrl}/v1/runs?limit=100`,
      {
        token: tokens.admin,
      },
    );
    const seen = new Set(runs.flatMap(({ counts }) => Object.keys(counts)));
    expect(CODES.filter((code) => !seen.has(code) && !NOT_ON_A_HEALTHY_DAY.has(code))).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  it('leaves no process behind', async () => {
    const started = await startRuntime(['--no-demo'], PORT_BASE + 100);
    const pids = Object.values(started.runtime.endpoints.pids).flat();
    await started.stop();
    const alive = pids.filter((pid) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false; // gone, as it should be
      }
    });
    expect(pids.length).toBeGreaterThan(5);
    expect(alive).toEqual([]);
  });
});
