import { code, printableText } from '@trueup/contracts';

/** An id in an address; whatever it is, it is looked up and never parsed. */
export const pathText = printableText(128);

/** A customer code, service code or sku in an address, percent-encoded there (`/` as `%2F`). */
export const pathCode = code;
