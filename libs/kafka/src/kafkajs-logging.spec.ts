import { describe, expect, it } from 'vitest';
import kafkajs from 'kafkajs';
import { kafkajsLogCreator } from './kafkajs-logging.js';

const { logLevel } = kafkajs;

function printed(...lines: { level: number; message: string; error?: string }[]): string[] {
  const levels: string[] = [];
  const note = (level: string) => (): void => void levels.push(level);
  const print = kafkajsLogCreator({ debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') })(
    logLevel.INFO,
  );
  for (const { level, ...log } of lines) print({ namespace: 'x', label: 'x', level, log: { timestamp: '', ...log } });
  return levels;
}

describe('the log lines of the client', () => {
  it('are debug lines while a broker starts', () => {
    const lines = printed(
      { level: logLevel.ERROR, message: 'Response GroupCoordinator', error: 'The group coordinator is not available' },
      { level: logLevel.ERROR, message: 'The coordinator is loading and hence can not process requests' },
      { level: logLevel.INFO, message: 'Consumer has joined the group' },
    );

    expect(lines).toEqual(['debug', 'debug', 'debug']);
  });

  it('warn of the same trouble once, not with every try', () => {
    const refused = { level: logLevel.ERROR, message: 'Connection error: connect ECONNREFUSED' };

    expect(printed(refused, refused, { ...refused, message: 'Connection timeout' })).toEqual(['warn', 'debug', 'warn']);
  });
});
