import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';

/** Stops a command that cannot be taken back until it is said twice. There is no question to answer: scripts would hang on it. */
export function needsYes(isYes: boolean | undefined, consequence: string): void {
  if (isYes) return;
  throw new Failure(EXIT.usage, consequence, { remedy: 'Repeat the command with --yes if that is what you want.' });
}
