import { Gauge } from 'prom-client';
import { metrics } from './metrics.js';

/** One value of a metric with its labels; every label must come from a set that the deployment bounds. */
export interface Sample {
  labels?: Record<string, string>;
  value: number;
}

export interface SampledGaugeOptions {
  name: string;
  /** What the value means to whoever is called at night. */
  help: string;
  labels?: readonly string[];
  /** Asked at every scrape. What throws leaves no value: absent is truer than old. */
  read: () => readonly Sample[] | Promise<readonly Sample[]>;
}

/** A gauge that is read when it is scraped. A second one of the same name takes the place of the first. */
export function sampledGauge({ name, help, labels = [], read }: SampledGaugeOptions): void {
  metrics.removeSingleMetric(name);
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [metrics],
    async collect() {
      this.reset();
      for (const sample of await samplesOf(read)) this.set(sample.labels ?? {}, sample.value);
    },
  });
}

async function samplesOf(read: SampledGaugeOptions['read']): Promise<readonly Sample[]> {
  try {
    return await read();
  } catch {
    return []; // a dependency is away: /readyz says so, the other metrics are still wanted
  }
}
