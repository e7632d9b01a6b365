import { field, idField } from './entity-field.js';
import type { Entity } from './entity.js';

/** A service on a contract; it holds no quantity. The same pair may appear more than once. */
export const contractService: Entity = {
  path: 'ContractServices',
  name: 'ContractService',
  canQuery: true,
  rootVerbs: [],
  child: {
    parent: 'Contracts',
    path: 'Services',
    parentField: 'contractID',
    canList: true,
    verbs: ['POST', 'PUT', 'PATCH'],
  },
  hasUserDefinedFields: false,
  isAboutContracts: true,
  fields: [
    idField,
    field('contractID', 'long', { isRequired: true, references: 'Contracts', readOnly: 'create' }),
    field('serviceID', 'long', { isRequired: true, references: 'Services', readOnly: 'create' }),
    field('unitPrice', 'double', { readOnly: 'always' }),
    field('unitCost', 'double', { readOnly: 'create' }),
    field('adjustedPrice', 'double', { isHidden: true, isQueryable: false }),
    field('internalCurrencyUnitPrice', 'double', { readOnly: 'always' }),
    field('internalCurrencyAdjustedPrice', 'double', { readOnly: 'always' }),
    field('invoiceDescription', 'string', { length: 1000 }),
    field('internalDescription', 'string', { length: 100, readOnly: 'create' }),
    field('quoteItemID', 'long', { readOnly: 'create' }),
  ],
};
