import { field, idField } from './entity-field.js';
import type { Entity } from './entity.js';

/** What charges are made for: an entry of the PSA's other catalogue. */
export const product: Entity = {
  path: 'Products',
  name: 'Product',
  canQuery: true,
  rootVerbs: ['POST', 'PUT', 'PATCH'],
  hasUserDefinedFields: true,
  isAboutContracts: false,
  fields: [
    idField,
    field('name', 'string', { isRequired: true, length: 100 }),
    field('isActive', 'boolean', { isRequired: true }),
    field('isSerialized', 'boolean', { isRequired: true }),
    field('productBillingCodeID', 'integer', { isRequired: true, references: 'BillingCodes' }),
    field('description', 'string', { length: 2000 }),
    field('sku', 'string', { length: 50 }),
    field('unitPrice', 'double'),
    field('unitCost', 'double'),
    field('msrp', 'double'),
    field('externalProductID', 'string', { length: 50 }),
    field('internalProductID', 'string', { length: 50 }),
    field('manufacturerProductName', 'string', { length: 100 }),
    field('vendorProductNumber', 'string', { length: 50 }),
  ],
};
