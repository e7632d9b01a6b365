import { field, idField } from './entity-field.js';
import type { Entity } from './entity.js';

/** A signed, dated change of units. The API takes it and never shows it again. */
export const contractServiceAdjustment: Entity = {
  path: 'ContractServiceAdjustments',
  name: 'ContractServiceAdjustment',
  canQuery: false,
  rootVerbs: ['POST'],
  child: {
    parent: 'Contracts',
    path: 'ServiceAdjustments',
    parentField: 'contractID',
    canList: false,
    verbs: ['POST'],
  },
  hasUserDefinedFields: false,
  isAboutContracts: true,
  fields: [
    idField,
    field('contractID', 'long', { references: 'Contracts' }),
    field('contractServiceID', 'long', { references: 'ContractServices' }),
    field('serviceID', 'long', { references: 'Services' }),
    field('effectiveDate', 'datetime', { isRequired: true }),
    field('unitChange', 'integer'),
    field('adjustedUnitPrice', 'double'),
    field('adjustedUnitCost', 'double'),
    field('allowRepeatService', 'boolean'),
    field('quoteItemID', 'long'),
  ],
};
