import type { Principal } from '@trueup/access';
import { refuse, type Refusal } from './ingest-problem.js';
import { within } from './within.js';

/** Who a bearer token stands for; null when nobody. Rejects when that cannot be known. */
export interface TokenReader {
  verify(secret: string): Promise<Principal | null>;
}

const VERIFY_WITHIN_MS = 3_000;
const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

/** The holder of a token that may write events, or why not. */
export async function authenticate(tokens: TokenReader, authorization: string | undefined): Promise<Principal | Refusal> {
  const secret = BEARER.exec(authorization ?? '')?.[1];
  if (!secret) return refuse('unauthenticated', 'Send "Authorization: Bearer <token>" with a token of the scope events:write');
  let principal: Principal | null;
  try {
    principal = await within(VERIFY_WITHIN_MS, tokens.verify(secret));
  } catch {
    // The database is away or hangs: nobody can be let in, and nobody is told that the token is wrong.
    return refuse('dependency-unavailable', 'Tokens cannot be checked at the moment; try again');
  }
  if (!principal) return refuse('unauthenticated', 'The token is unknown, deleted or expired');
  if (!principal.scopes.has('events:write')) return refuse('missing-scope', 'The token needs the scope events:write');
  return principal;
}
