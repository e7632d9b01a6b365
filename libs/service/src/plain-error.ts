/** What a log shows of an error. */
export interface PlainError {
  type: string;
  message: string;
  /** SQLSTATE, errno name or our own code. */
  code?: string;
  stack?: string;
  cause?: PlainError;
}

const MOST_CAUSES = 3;

/**
 * An error as a log may show it: these fields and no others. Libraries hang statements with their parameters, requests with their headers
 * and whole rows on their errors; those are where secrets and customers' data would come from.
 */
export function toPlainError(error: unknown, causes = MOST_CAUSES): PlainError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const code = codeOf(error);
  return {
    type: name,
    message,
    ...(code !== undefined && { code }),
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && causes > 0 && { cause: toPlainError(cause, causes - 1) }),
  };
}

function codeOf(error: Error): string | undefined {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = code ?? driverError?.code;
  return typeof found === 'string' ? found : undefined;
}
