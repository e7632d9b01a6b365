import { createHash } from 'node:crypto';
import { type QuantityChange, canonicalJson } from '@trueup/contracts';
import type { AgreementLineRow, StoredConnection } from '@trueup/control';

type Identity = Pick<QuantityChange, 'tenantId' | 'connectionId' | 'account' | 'agreementRef' | 'siteRef'>;

type Content = Identity &
  Pick<QuantityChange, 'steps' | 'mayCreateLine' | 'prorate' | 'onDrift'> & {
    productRef: string;
    writesFrom: string;
    planning: unknown;
  };

/** Names all that the connector plans by: a release with another hash says something new. */
export function contentHashOf(row: AgreementLineRow, connection: StoredConnection): string {
  return createHash('sha256')
    .update(canonicalJson(contentOf(row, connection)))
    .digest('hex');
}

// Timeouts and the like are no reason to look again.
function contentOf(row: AgreementLineRow, { settings }: StoredConnection): Content {
  const { mayCreateLine, prorate, onDrift, dateAlignment, onPostedPeriod, sameDateChanges, companyMatch, skuField } = settings;
  return {
    ...identityOf(row),
    productRef: row.productRef,
    steps: row.steps,
    ...{ mayCreateLine, prorate, onDrift, writesFrom: row.writesFrom! },
    planning: { dateAlignment, onPostedPeriod, sameDateChanges, companyMatch, skuField },
  };
}

/** Whose quantity it is, in the connector's words. */
export function identityOf(row: AgreementLineRow): Identity {
  return {
    tenantId: row.tenantId,
    connectionId: row.connectionId,
    account: { billingIdentifier: row.billingIdentifier },
    ...(row.agreementRef && { agreementRef: row.agreementRef }),
    ...(row.siteRef && { siteRef: row.siteRef }),
  };
}
