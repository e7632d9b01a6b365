import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { describeApi, printedOpenApi } from './describe-api.js';

// Run after every change of a route: `npm run openapi --workspace @trueup/api`.
writeFileSync(new URL('../../../docs/openapi.json', import.meta.url), printedOpenApi(await describeApi()));
