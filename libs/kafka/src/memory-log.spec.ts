import { describeLog } from './log.behaviour.js';
import { MemoryLog } from './memory-log.js';

describeLog('in memory', () => Promise.resolve(new MemoryLog()));
