import 'reflect-metadata';
import { runService } from '@trueup/service';
import { projectorConfig } from './projector-config.js';
import { startProjector } from './start-projector.js';

await runService({ name: 'billing-projector', config: projectorConfig, start: startProjector });
