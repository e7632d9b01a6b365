import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// One project per room. `TRUEUP_TESTS=int` runs the suites that need the real broker, database and Redis instead of the unit suites.
const isIntegration = process.env['TRUEUP_TESTS'] === 'int';
const conditions = ['source', 'module', 'node', 'development|production'];
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const rooms = [
  ...['apps', 'libs'].flatMap((folder) => readdirSync(here(folder)).map((name) => ({ name, root: `${folder}/${name}` }))),
  { name: 'local-runtime', root: 'deploy/local' },
].filter((room) => room.name !== 'e2e' && existsSync(here(`${room.root}/src`)));

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: isIntegration ? 60_000 : 15_000,
    hookTimeout: isIntegration ? 120_000 : 15_000,
    maxWorkers: 2,
    ...(isIntegration && { globalSetup: [here('libs/testing/src/global-setup.ts')] }),
    projects: rooms.map(({ name, root }) => ({
      extends: true as const,
      test: { name, root: here(root), include: [isIntegration ? 'src/**/*.int-spec.ts' : 'src/**/*.spec.ts'] },
    })),
  },
});
