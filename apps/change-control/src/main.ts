import 'reflect-metadata';
import { databaseConfig, kafkaConfig, runService } from '@trueup/service';
import { startChangeControl } from './start-change-control.js';

await runService({ name: 'change-control', config: { ...kafkaConfig, ...databaseConfig }, start: startChangeControl });
