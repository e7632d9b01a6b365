import { describeLog } from './log.behaviour.js';
import { MemoryLog } from './memory-log.js';

describeLog('the log in memory', () => Promise.resolve(new MemoryLog()));
