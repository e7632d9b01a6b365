import type { TestProject } from 'vitest/node';
import { startRuntime } from '@trueup/testing/product';
import { startTraceReceiver } from './trace-receiver.js';

declare module 'vitest' {
  export interface ProvidedContext {
    home: string;
    /** Where the spans of all services can be asked for. */
    tracesUrl: string;
  }
}

const PORT_BASE = 21_600;

/** Starts the whole product once, empty and with a movable clock, and ends it after the last suite. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const traces = await startTraceReceiver();
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url };
  const started = await startRuntime(['--no-demo', '--test-clock'], PORT_BASE, tracing);
  project.provide('home', started.runtime.home);
  project.provide('tracesUrl', traces.url);
  return async () => {
    await started.stop();
    await traces.stop();
  };
}
