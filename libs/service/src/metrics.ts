import { Registry, collectDefaultMetrics } from 'prom-client';

export { Counter, Gauge, Histogram } from 'prom-client';

/** The metrics of this process, in Prometheus text form at /metrics. */
export const metrics = new Registry();

collectDefaultMetrics({ register: metrics });
