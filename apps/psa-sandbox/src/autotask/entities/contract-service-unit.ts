import { field, idField } from './entity-field.js';
import type { Entity } from './entity.js';

const readOnly = 'always';

/** The quantity in force over a range of dates; changed by adjustments only. */
export const contractServiceUnit: Entity = {
  path: 'ContractServiceUnits',
  name: 'ContractServiceUnit',
  canQuery: true,
  rootVerbs: [],
  child: {
    parent: 'Contracts',
    path: 'ServiceUnits',
    parentField: 'contractID',
    canList: true,
    verbs: [],
  },
  hasUserDefinedFields: false,
  isAboutContracts: true,
  fields: [
    idField,
    field('contractID', 'long', { readOnly, references: 'Contracts' }),
    field('contractServiceID', 'long', { readOnly, references: 'ContractServices' }),
    field('serviceID', 'long', { readOnly, references: 'Services' }),
    field('startDate', 'datetime', { readOnly }),
    field('endDate', 'datetime', { readOnly }),
    field('units', 'integer', { readOnly }),
    field('price', 'double', { readOnly }),
    field('cost', 'double', { readOnly }),
    field('internalCurrencyPrice', 'double', { readOnly }),
    field('approveAndPostDate', 'datetime', { readOnly }),
    field('vendorCompanyID', 'long', { readOnly, references: 'Companies' }),
    field('organizationalLevelAssociationID', 'long', { readOnly }),
  ],
};
