import { reachCovers } from '@trueup/access';
import type { Reach } from '@trueup/contracts';
import { ProblemError, invalid } from '../http/problem-error.js';
import type { Principal } from '../http/caller.js';
import type { NewTokenBody } from './token-shapes.js';

/** What may be made of the wish: nobody gives away more than they hold, and no token is born expired. */
export function grantableToken(caller: Principal, wish: NewTokenBody, now: Date): { reach: Reach; expiresAt: Date | null } {
  const surplus = wish.scopes.findIndex((scope) => !caller.scopes.has(scope));
  if (surplus >= 0) throw beyond(`/scopes/${surplus}`, 'You can give only scopes that your own token holds');
  const reach = wish.reach ?? caller.reach;
  if (!reachCovers(caller.reach, reach)) throw beyond('/reach', 'You can give only a reach within that of your own token');
  const expiresAt = wish.expiresAt ? new Date(wish.expiresAt) : null;
  if (expiresAt && expiresAt <= now) throw invalid('/expiresAt', 'Must lie in the future');
  return { reach, expiresAt };
}

function beyond(pointer: string, detail: string): ProblemError {
  return new ProblemError('missing-scope', 'The new token would exceed your own.', [{ pointer, detail }]);
}
