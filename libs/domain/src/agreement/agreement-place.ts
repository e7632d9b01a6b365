import { type AgreementLineIdentity, type LineTarget, type Payer, type PlainDate, agreementLineKeyOf } from '@trueup/contracts';
import {
  type CustomerMappingRow,
  type ProductMappingRow,
  customerMappingOn,
  isZeroedOn,
  productMappingOn,
} from './dated-mapping.js';

/** The rows of one connection that can concern a line. */
export interface ConnectionMappings {
  connectionId: string;
  customers: readonly CustomerMappingRow[];
  products: readonly ProductMappingRow[];
}

/** Where in a PSA a line is billed; its agreement line. */
export interface AgreementPlace extends AgreementLineIdentity {
  agreementLineKey: string;
}

/** Why nothing bills a line in a connection on a day. */
export type Unmapped = 'CUSTOMER_UNMAPPED' | 'PRODUCT_NOT_FOUND';

/** Who pays for the customer on the day: itself, or its reseller. The first payer also covers the days before it. */
export function payerCodeOn(payers: readonly Payer[], customerCode: string, date: PlainDate): string {
  const payer = payers.findLast((candidate) => candidate.from <= date) ?? payers[0];
  return payer?.billedBy === 'reseller' && payer.resellerCode !== undefined ? payer.resellerCode : customerCode;
}

/** Every code under which the line may be mapped, whatever the day. */
export function payerCodesOf(target: Pick<LineTarget, 'payers' | 'customerCode'>): string[] {
  return [...new Set(target.payers.map((payer) => payerCodeOn([payer], target.customerCode, payer.from)))];
}

/** The agreement line that bills the line on the day, or what is missing. A product's own agreement wins over the customer's. */
export function placeOn(target: LineTarget, mappings: ConnectionMappings, date: PlainDate): AgreementPlace | Unmapped {
  const payerCode = payerCodeOn(target.payers, target.customerCode, date);
  const customer = customerMappingOn(mappings.customers, payerCode, date);
  if (customer?.billingIdentifier == null) return 'CUSTOMER_UNMAPPED';
  const product = productMappingOn(mappings.products, target, date);
  if (product?.psaProductRef == null) return 'PRODUCT_NOT_FOUND';
  const identity: AgreementLineIdentity = {
    connectionId: mappings.connectionId,
    billingIdentifier: customer.billingIdentifier,
    agreementRef: product.agreementRef ?? customer.agreementRef ?? '',
    productRef: product.psaProductRef,
    siteRef: target.siteCode,
  };
  return { ...identity, agreementLineKey: agreementLineKeyOf(identity) };
}

/** Whether nothing bills the line on the day because somebody ended its mapping and wants its units gone. */
export function endsInZero(target: LineTarget, mappings: ConnectionMappings, date: PlainDate): boolean {
  const customerCode = payerCodeOn(target.payers, target.customerCode, date);
  const isUnmapped = typeof placeOn(target, mappings, date) === 'string';
  return isUnmapped && isZeroedOn(mappings.customers, mappings.products, { ...target, customerCode }, date);
}

/** The days up to `today` on which the line's place may change, ascending. */
export function placeChangesOf(target: LineTarget, mappings: ConnectionMappings, today: PlainDate): PlainDate[] {
  const days = [
    ...target.payers.map((payer) => payer.from),
    ...mappings.customers.map((row) => row.validFrom),
    ...mappings.products.map((row) => row.validFrom),
  ];
  return [...new Set(days)].filter((day) => day <= today).sort();
}
