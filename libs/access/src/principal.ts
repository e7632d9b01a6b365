import type { Reach } from '@trueup/contracts';

/** Who asks: what a valid token or session stands for. */
export interface Principal {
  /** The id of the token or session. */
  tokenId: string;
  /** Present when a person asks through a session. */
  sessionId?: string;
  tenantId: string;
  /** The token's label, or the person's name. */
  label: string;
  /** Whose token or session it is; absent for tokens of programs. */
  person?: { id: string; name: string };
  scopes: ReadonlySet<string>;
  reach: Reach;
}
