import { canonicalJson, laterOf, type PlainDate } from '@trueup/contracts';
import type { AgreementLineRef } from '../connector/connector.js';
import type { ClaimedLine } from '../ledger/ledger.js';
import { isUnsettled } from '../ledger/line-row.js';

/** A claimed line as the connector gets it. */
export function agreementLineRef(line: ClaimedLine, today: PlainDate): AgreementLineRef {
  const pending = line.writes.filter(isUnsettled).map((write) => write.write.after);
  const known = line.lastLevel ?? line.baseline?.steps;
  return {
    key: line.key,
    change: line.change,
    on: laterOf(today, line.change.writesFrom),
    knownLevels: [...(known === undefined ? [] : [known]), ...pending],
  };
}

/** Under this key a line's place is remembered: another mapping or another day means another place. */
export function placeKeyOf({ key, change, on }: AgreementLineRef): string {
  return canonicalJson([
    key,
    on,
    change.account.billingIdentifier,
    change.agreementRef ?? '',
    change.product.ref,
    change.siteRef ?? '',
    change.mayCreateLine,
  ]);
}
