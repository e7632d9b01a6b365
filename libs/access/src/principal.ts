import type { Reach } from '@trueup/contracts';

/** Who asks: what a valid token stands for. */
export interface Principal {
  tokenId: string;
  tenantId: string;
  label: string;
  scopes: ReadonlySet<string>;
  reach: Reach;
}
