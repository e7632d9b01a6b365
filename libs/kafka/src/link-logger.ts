type Log = (fields: object, message: string) => void;

/** The part of the product's logger that this library needs: fields and a fixed message. */
export interface LinkLogger {
  debug: Log;
  info: Log;
  warn: Log;
  error: Log;
}

/** Says nothing; for tests. */
export const silentLogger: LinkLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
