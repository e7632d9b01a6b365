import { meaningOf, printedCode, type Code, type LogLevel } from '@trueup/contracts';
import type { Logger } from '@trueup/service';

const METHODS = { Error: 'error', Warning: 'warn', Info: 'info', Verbose: 'info' } as const satisfies Record<LogLevel, string>;

/** Where a coded line goes to. */
export type CodedLogger = Pick<Logger, 'info' | 'warn' | 'error'>;

/**
 * A line of the process log that carries a code: under the name that people of this PSA know, with its owner and the way out. For what no
 * release of a line brought about, so that no run log can tell it.
 */
export function logCode(
  logger: CodedLogger,
  kind: string,
  code: Code,
  fields: Readonly<Record<string, unknown>>,
  message: string,
): void {
  const { level, owner, remedy } = meaningOf(code);
  const printed = printedCode(code, kind);
  const alias = printed === code ? {} : { alias: printed };
  logger[METHODS[level]]({ code, ...alias, owner, ...(remedy !== undefined && { remedy }), ...fields }, message);
}
