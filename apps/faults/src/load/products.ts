import type { SceneProduct } from '@trueup/testing/product';
import { SERVICE, SKU } from '@trueup/testing/product';

/** A service of the customer itself, billed by its quantity. */
export const BACKUP = 'BACKUP';
/** The plan that makes a seat of SERVICE another sku. */
export const PLUS = 'PLUS';
export const STANDARD = 'STD';

/** What both tenants of every run sell: seats in two plans that are two skus, and a quantity. */
export const PRODUCTS: readonly SceneProduct[] = [
  { service: SERVICE, sku: SKU, planCodes: [null, STANDARD], psaServiceId: 412 },
  { service: SERVICE, sku: `${SKU}-PLUS`, planCodes: [PLUS], psaServiceId: 413 },
  { service: BACKUP, sku: 'SKU-BACKUP', planCodes: [null], psaServiceId: 414 },
];
