import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';
import { clock } from './clock.js';
import { toPlainError } from './plain-error.js';

export type { Logger } from 'pino';

const SHOWN = '[secret]';
/** Names under which nothing is ever shown, whatever its type. */
const HIDDEN = ['authorization', 'cookie', 'password', 'secret', 'secrets', 'token'];
/** Our own tokens, sessions and invitations, and HTTP credentials, should one stand inside a text. */
const CREDENTIALS = /\b(tr[usi]_(?:[a-z]+_)?[\w-]{8,}|(?:Bearer|Basic) [\w+/=.~-]{8,})/g;
/** What JSON leaves as it is, and some readers of logs take for the end of a line or for an order to the terminal. */
const UNSEEN = /[\u007f-\u009f\u2028\u2029]/g;

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
    hooks: { streamWrite: (line: string) => line.replace(CREDENTIALS, SHOWN).replace(UNSEEN, escaped) },
  };
  return destination ? pino(options, destination) : pino(options);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function traceUnderWay(): object {
  const span = trace.getActiveSpan();
  return span ? { traceId: span.spanContext().traceId } : {};
}
