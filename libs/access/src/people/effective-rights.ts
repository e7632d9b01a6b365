import type { Reach } from '@trueup/contracts';
import { reachCovers } from '../reach.js';
import { scopesOf } from './roles.js';

/** What a token or person may do and see. */
export interface Rights {
  scopes: readonly string[];
  reach: Reach;
}

/** What a person's token may do: what both it and its person may, so that it follows every change of their roles. */
export function rightsOfToken(token: Rights, person: { roles: readonly string[]; reach: Reach } | null): Rights {
  if (!person) return token;
  const allowed: readonly string[] = scopesOf(person.roles);
  return { scopes: token.scopes.filter((scope) => allowed.includes(scope)), reach: commonReach(token.reach, person.reach) };
}

/** What lies in both. A reseller's reach and a list of customers may overlap, but which of them do is not known here: none do. */
export function commonReach(a: Reach, b: Reach): Reach {
  if (reachCovers(a, b)) return b;
  if (reachCovers(b, a)) return a;
  const codes = (reach: Reach) => (typeof reach === 'object' && 'customerCodes' in reach ? reach.customerCodes : []);
  return { customerCodes: codes(a).filter((code) => codes(b).includes(code)) };
}
