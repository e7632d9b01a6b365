import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Secret, clock, readConfig, kafkaConfig, adminConfig, secretText } from './index.js';

const sound = { TRUEUP_KAFKA_BROKERS: '127.0.0.1:9092, [::1]:9093', TRUEUP_ADMIN_PORT: '0' };

const checked = (env: Record<string, string>, ...args: string[]) => {
  const program = `import('${join(import.meta.dirname, '../dist/index.js')}').then(async ({ readConfig, kafkaConfig, adminConfig }) => {
    const { z } = await import('zod'); readConfig(z.object({ ...kafkaConfig, ...adminConfig })); })`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program, '--', ...args], {
    env,
    encoding: 'utf8',
    cwd: import.meta.dirname,
  });
};

describe('readConfig', () => {
  it('reads lists, numbers and defaults', () => {
    const config = readConfig(z.object({ ...kafkaConfig, ...adminConfig }), sound);
    expect(config.TRUEUP_KAFKA_BROKERS).toEqual(['127.0.0.1:9092', '[::1]:9093']);
    expect([config.TRUEUP_ADMIN_PORT, config.TRUEUP_LOG_LEVEL, config.TRUEUP_TEST_CLOCK]).toEqual([0, 'info', '0']);
  });

  it('prints every problem at once and exits with 1', () => {
    const result = checked({ TRUEUP_KAFKA_BROKERS: 'nowhere' });
    expect(result.stderr).toMatch(/TRUEUP_KAFKA_BROKERS: Must be host:port/);
    expect(result.stderr).toMatch(/TRUEUP_ADMIN_PORT: is required/);
    expect(result.status).toBe(1);
  });

  it('stops with 0 after a sound check when told to check only', () => {
    const result = checked(sound, '--check-config');
    expect([result.status, result.stdout]).toEqual([0, 'The configuration is sound.\n']);
  });

  it('treats an empty variable as absent', () => {
    expect(readConfig(z.object({ A: z.string().default('x') }), { A: '' })).toEqual({ A: 'x' });
  });
});

describe('Secret', () => {
  it('shows itself nowhere', () => {
    const secret = secretText.parse('hunter2');
    expect([JSON.stringify({ secret }), String(secret)].join(' ')).not.toContain('hunter2');
    expect(inspect({ deep: [secret] })).not.toContain('hunter2');
    expect(secret).toBeInstanceOf(Secret);
    expect(secret.reveal()).toBe('hunter2');
  });
});

describe('clock', () => {
  it('moves by the offset and tells who listens', () => {
    let moves = 0;
    const stop = clock.onMove(() => moves++);
    clock.moveTo(86_400_000);
    const ahead = clock.now().getTime() - Date.now();
    stop();
    clock.moveTo(0);
    expect(Math.round(ahead / 1000)).toBe(86_400);
    expect(moves).toBe(1);
  });
});
