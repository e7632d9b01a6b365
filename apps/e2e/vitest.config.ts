import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// One runtime for all suites, one suite at a time: what one test kills would fail its neighbour.
export default defineConfig({
  test: {
    name: 'e2e',
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['src/**/*.e2e-spec.ts'],
    globalSetup: ['src/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
