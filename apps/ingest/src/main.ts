import 'reflect-metadata';
import { runService } from '@trueup/service';
import { ingestConfig } from './ingest-config.js';
import { startIngest } from './start-ingest.js';

await runService({ name: 'ingest', config: ingestConfig, start: startIngest });
