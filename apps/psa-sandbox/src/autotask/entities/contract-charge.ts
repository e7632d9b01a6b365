import { field, idField } from './entity-field.js';
import type { Entity } from './entity.js';

const chargeTypes = [
  { value: '1', label: 'Operational', isDefaultValue: true },
  { value: '2', label: 'Capitalized' },
];
const always = { readOnly: 'always' } as const;

/** A one-off amount on a contract, e.g. a month's usage. */
export const contractCharge: Entity = {
  path: 'ContractCharges',
  name: 'ContractCharge',
  canQuery: true,
  rootVerbs: [],
  child: {
    parent: 'Contracts',
    path: 'Charges',
    parentField: 'contractID',
    canList: true,
    verbs: ['POST', 'PUT', 'PATCH', 'DELETE'],
  },
  hasUserDefinedFields: false,
  isAboutContracts: true,
  fields: [
    idField,
    field('contractID', 'long', { isRequired: true, readOnly: 'create', references: 'Contracts' }),
    field('name', 'string', { isRequired: true, length: 100 }),
    field('datePurchased', 'datetime', { isRequired: true }),
    field('unitQuantity', 'double', { isRequired: true }),
    field('chargeType', 'integer', { isRequired: true, picklist: chargeTypes }),
    field('productID', 'long', { references: 'Products' }),
    field('billingCodeID', 'integer', { references: 'BillingCodes' }),
    field('description', 'string', { length: 2000 }),
    field('notes', 'string', { length: 2000 }),
    field('unitPrice', 'double'),
    field('unitCost', 'double'),
    field('billableAmount', 'double', always),
    field('extendedCost', 'double', always),
    field('isBillableToCompany', 'boolean'),
    field('isBilled', 'boolean', always),
    field('status', 'integer'),
    field('purchaseOrderNumber', 'string', { length: 50 }),
    field('internalPurchaseOrderNumber', 'string', { length: 50 }),
    field('contractServiceID', 'long', { references: 'ContractServices' }),
    field('contractServiceBundleID', 'long'),
    field('organizationalLevelAssociationID', 'integer'),
    field('createDate', 'datetime', always),
    field('creatorResourceID', 'integer', always),
    field('statusLastModifiedDate', 'datetime', always),
  ],
};
