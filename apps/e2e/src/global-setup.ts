import type { TestProject } from 'vitest/node';
import { startRuntime } from './start-runtime.js';

declare module 'vitest' {
  export interface ProvidedContext {
    home: string;
  }
}

const PORT_BASE = 21_600;

/** Starts the whole product once, empty and with a movable clock, and ends it after the last suite. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = await startRuntime(['--no-demo', '--test-clock'], PORT_BASE);
  project.provide('home', started.runtime.home);
  return async () => {
    await started.stop();
  };
}
