import { describe, expect, it } from 'vitest';
import { metrics } from './metrics.js';
import { sampledGauge } from './sampled-gauge.js';
import { WaitingAge } from './waiting-age.js';

const shown = async () =>
  (await metrics.getSingleMetricAsString('spec_rows')).split('\n').filter((line) => !line.startsWith('#'));

describe('sampledGauge', () => {
  it('shows what is true at the scrape, and nothing while that cannot be known', async () => {
    let rows: number | null = 3;
    const read = () => (rows === null ? Promise.reject(new Error('away')) : [{ labels: { schema: 's' }, value: rows }]);
    sampledGauge({ name: 'spec_rows', help: 'Rows', labels: ['schema'], read });
    const before = await shown();
    rows = null;
    expect([before, await shown()]).toEqual([['spec_rows{schema="s"} 3'], []]);
    expect(await metrics.metrics()).toContain('process_cpu_seconds_total');
  });
});

describe('WaitingAge', () => {
  it('counts while the same row is the oldest', () => {
    const age = new WaitingAge();
    expect([age.look('7', 1_000), age.look('7', 4_000), age.look('9', 5_000), age.look(null, 6_000)]).toEqual([0, 3, 0, 0]);
  });
});
