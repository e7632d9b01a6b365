import { isEnvironmentError, sqlStateOf } from '@trueup/persistence';

/**
 * Whether an error comes from the records themselves: the database refuses a value, or our code cannot deal with one. Everything else
 * (database away, another owner, an error nobody knows) is waited for: what is set aside by mistake would be missing from a bill.
 */
export function isAboutData(error: unknown): boolean {
  if (isEnvironmentError(error)) return false;
  return sqlStateOf(error) !== '' || error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError;
}
