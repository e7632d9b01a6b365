import { pino, type Logger } from 'pino';
import { clock } from './clock.js';

export type { Logger } from 'pino';

/** JSON lines on standard output: fixed message and fields; `Secret` prints itself as [secret]. Level default "info". */
export function createLogger(service: string, level = 'info'): Logger {
  return pino({
    level,
    base: { service, pid: process.pid },
    timestamp: () => `,"time":"${clock.now().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  });
}
