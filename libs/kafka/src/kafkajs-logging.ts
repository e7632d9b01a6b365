import kafkajs, { type logCreator } from 'kafkajs';
import type { LinkLogger } from './link-logger.js';

const { logLevel } = kafkajs;

/** What kafkajs calls an error although it goes on by itself, as it does on every start of a broker. */
const PASSING =
  /coordinator is (loading|not available)|not the correct coordinator|not available|without match|rebalanc|Failed to connect to seed|Restarting the consumer/i;
const REPEAT_MS = 10_000;

/**
 * Prints the client's log lines through ours: its "info" is our debug, its errors are warnings, since it retries them; a crash that
 * it does not recover from is logged by the consumer. The same trouble is a warning once in ten seconds, else an outage floods the log.
 */
export function kafkajsLogCreator(logger: LinkLogger): logCreator {
  const lastWarned = new Map<string, number>();
  const isFresh = (message: string): boolean => {
    const now = performance.now();
    if (now - (lastWarned.get(message) ?? -Infinity) < REPEAT_MS) return false;
    lastWarned.set(message, now);
    return true;
  };
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = entry.log;
    const line = { client: fields, clientMessage: message };
    const isPassing = entry.level > logLevel.WARN || PASSING.test(`${message} ${String(fields['error'] ?? '')}`);
    if (isPassing || !isFresh(message)) logger.debug(line, 'log client');
    else logger.warn(line, 'log client reports trouble');
  };
}
