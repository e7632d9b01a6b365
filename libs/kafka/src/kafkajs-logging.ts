import kafkajs, { type logCreator } from 'kafkajs';
import type { LinkLogger } from './link-logger.js';

const { logLevel } = kafkajs;

/** What kafkajs calls an error although it goes on by itself, as it does on every start of a broker. */
const PASSING =
  /coordinator is (loading|not available)|not the correct coordinator|not available|Response without match|rebalanc/i;

/** Prints the client's log lines through ours: its "info" is our debug, its errors are warnings, since it retries them; a crash is an error. */
export function kafkajsLogCreator(logger: LinkLogger): logCreator {
  return () => (entry) => {
    const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = entry.log;
    const line = { client: fields, clientMessage: message };
    if (entry.level === logLevel.ERROR && message.startsWith('Crash')) logger.error(line, 'log client crashed');
    else if (entry.level > logLevel.WARN || PASSING.test(`${message} ${String(fields['error'] ?? '')}`))
      logger.debug(line, 'log client');
    else logger.warn(line, 'log client reports trouble');
  };
}
