import { field, idField } from './entity-field.js';
import type { Entity } from './entity.js';

const companyTypes = [
  { value: '1', label: 'Customer', isDefaultValue: true },
  { value: '2', label: 'Lead' },
  { value: '3', label: 'Prospect' },
];

/** The PSA's customer record. */
export const company: Entity = {
  path: 'Companies',
  name: 'Company',
  canQuery: true,
  rootVerbs: ['POST', 'PUT', 'PATCH'],
  hasUserDefinedFields: true,
  isAboutContracts: false,
  fields: [
    idField,
    field('companyName', 'string', { isRequired: true, length: 100 }),
    field('companyType', 'integer', { isRequired: true, picklist: companyTypes }),
    field('ownerResourceID', 'integer', { isRequired: true }),
    field('phone', 'string', { isRequired: true, length: 25 }),
    field('companyNumber', 'string', { length: 50 }),
    field('isActive', 'boolean'),
    field('parentCompanyID', 'integer', { references: 'Companies' }),
    field('currencyID', 'integer'),
    field('taxID', 'string', { length: 50 }),
    field('billToCompanyLocationID', 'integer'),
    field('invoiceMethod', 'integer'),
    field('classification', 'integer'),
    field('lastActivityDate', 'datetime', { readOnly: 'always' }),
  ],
};
