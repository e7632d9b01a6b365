import 'reflect-metadata';
import { runService } from '@trueup/service';
import { apiConfig } from './api-config.js';
import { startApi } from './start-api.js';

await runService({ name: 'api', config: apiConfig, start: startApi });
