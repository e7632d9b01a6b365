import { periodTypes } from './contract.js';
import { field, idField } from './entity-field.js';
import type { Entity } from './entity.js';

/** An entry of the PSA's catalogue. */
export const service: Entity = {
  path: 'Services',
  name: 'Service',
  canQuery: true,
  rootVerbs: ['POST', 'PUT', 'PATCH'],
  hasUserDefinedFields: false,
  isAboutContracts: false,
  fields: [
    idField,
    field('name', 'string', { isRequired: true, length: 150 }),
    field('unitPrice', 'double', { isRequired: true }),
    field('periodType', 'integer', { isRequired: true, readOnly: 'create', picklist: periodTypes }),
    field('billingCodeID', 'integer', { isRequired: true }),
    field('unitCost', 'double'),
    field('description', 'string', { length: 400 }),
    field('invoiceDescription', 'string', { length: 1000 }),
    field('isActive', 'boolean'),
    field('markupRate', 'double'),
    field('serviceLevelAgreementID', 'integer'),
    field('vendorCompanyID', 'integer', { references: 'Companies' }),
    field('sku', 'string', { length: 50 }),
    field('createDate', 'datetime', { readOnly: 'always' }),
    field('lastModifiedDate', 'datetime', { readOnly: 'always' }),
  ],
};
