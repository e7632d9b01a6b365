import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';
import { clock } from './clock.js';
import { toPlainError } from './plain-error.js';

export type { Logger } from 'pino';

const SHOWN = '[secret]';
/** Names under which nothing is ever shown, whatever its type. */
const HIDDEN = ['authorization', 'cookie', 'password', 'secret', 'secrets', 'token'];
/** Our own tokens and HTTP credentials, should one stand inside a text. */
const CREDENTIALS = /\b(tru_[a-z]+_[\w-]{8,}|(?:Bearer|Basic) [\w+/=.~-]{8,})/g;

/**
 * JSON lines on standard output: `time`, `level`, `service`, `msg`, and where known `tenantId`, `changeId`, `traceId`; else fields by the
 * names of the contracts. `Secret` prints itself as [secret], an error only what toPlainError keeps. Level default "info".
 */
export function createLogger(service: string, level = 'info', destination?: DestinationStream): Logger {
  const paths = HIDDEN.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options = {
    level,
    base: { service, pid: process.pid },
    timestamp: () => `,"time":"${clock.now().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: toPlainError },
    redact: { paths, censor: SHOWN },
    mixin: traceUnderWay,
    hooks: { streamWrite: (line: string) => line.replace(CREDENTIALS, SHOWN) },
  };
  return destination ? pino(options, destination) : pino(options);
}

function traceUnderWay(): object {
  const span = trace.getActiveSpan();
  return span ? { traceId: span.spanContext().traceId } : {};
}
