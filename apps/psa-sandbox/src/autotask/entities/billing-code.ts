import { field, idField } from './entity-field.js';
import type { Entity } from './entity.js';

const readOnly = 'always';

/** The PSA's account for revenue; kept in its administration, read-only here. */
export const billingCode: Entity = {
  path: 'BillingCodes',
  name: 'BillingCode',
  canQuery: true,
  rootVerbs: [],
  hasUserDefinedFields: false,
  isAboutContracts: false,
  fields: [
    idField,
    field('name', 'string', { readOnly, length: 200 }),
    field('description', 'string', { readOnly, length: 500 }),
    field('externalNumber', 'string', { readOnly, length: 100 }),
    field('billingCodeType', 'integer', { readOnly }),
    field('useType', 'integer', { readOnly }),
    field('unitPrice', 'double', { readOnly }),
    field('unitCost', 'double', { readOnly }),
    field('isActive', 'boolean', { readOnly }),
  ],
};
