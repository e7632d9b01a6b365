import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const KEY_CHARACTERS = 26;

/** What makes a line: customer × sku × term × billing plan × site; absent parts are "". */
export interface LineIdentity {
  tenantId: string;
  customerCode: string;
  sku: string;
  term: string;
  billingPlan: string;
  siteCode: string;
}

/** What makes an agreement line: connection × billing identifier × agreement reference or "" × product reference × site or "". */
export interface AgreementLineIdentity {
  connectionId: string;
  billingIdentifier: string;
  agreementRef: string;
  productRef: string;
  siteRef: string;
}

/** `ln_` + 26 base32 characters; safe in keys and URLs whatever the codes hold. */
export function lineKeyOf(line: LineIdentity): string {
  const { tenantId, customerCode, sku, term, billingPlan, siteCode } = line;
  return `ln_${hashOf([tenantId, customerCode, sku, term, billingPlan, siteCode])}`;
}

/** `al_` + 26 base32 characters. */
export function agreementLineKeyOf(line: AgreementLineIdentity): string {
  const { connectionId, billingIdentifier, agreementRef, productRef, siteRef } = line;
  return `al_${hashOf([connectionId, billingIdentifier, agreementRef, productRef, siteRef])}`;
}

/** Identifies one released version of an agreement line. */
export function changeIdOf(connectionId: string, agreementLineKey: string, version: number): string {
  return `ch_${hashOf([connectionId, agreementLineKey, version])}`;
}

/** At most 20 characters; marks every record that we create in a PSA, for ever. */
export function lineRefOf(agreementLineKey: string): string {
  return `tu${hashOf([agreementLineKey]).slice(0, 16)}`;
}

function hashOf(parts: readonly unknown[]): string {
  return base32(createHash('sha256').update(canonicalJson(parts)).digest()).slice(0, KEY_CHARACTERS);
}

function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
  }
  return text;
}
