import { field, idField } from './entity-field.js';
import type { Entity } from './entity.js';

const readOnly = 'always';
const own = { readOnly, isHidden: true, isQueryable: false } as const;

const billingItemTypes = [
  { value: '4', label: 'Contract Charge' },
  { value: '11', label: 'Recurring Contract Service' },
];

/** What was billed: it exists from Approve & Post on, and nobody creates it by hand. */
export const billingItem: Entity = {
  path: 'BillingItems',
  name: 'BillingItem',
  canQuery: true,
  rootVerbs: ['PUT', 'PATCH'],
  hasUserDefinedFields: false,
  isAboutContracts: true,
  fields: [
    idField,
    field('companyID', 'integer', { readOnly, references: 'Companies' }),
    field('contractID', 'integer', { readOnly, references: 'Contracts' }),
    field('contractChargeID', 'integer', { readOnly, references: 'ContractCharges' }),
    field('contractServiceID', 'long', { readOnly, references: 'ContractServices' }),
    field('contractServicePeriodID', 'long', { readOnly }),
    field('serviceID', 'integer', { readOnly, references: 'Services' }),
    field('serviceBundleID', 'integer', { readOnly }),
    field('billingItemType', 'integer', { readOnly, picklist: billingItemTypes }),
    field('subType', 'integer', { readOnly }),
    field('itemName', 'string', { readOnly, length: 255 }),
    field('itemDate', 'datetime', { readOnly }),
    field('postedDate', 'datetime', { readOnly }),
    field('postedOnTime', 'datetime', { readOnly }),
    field('quantity', 'double', { readOnly }),
    field('rate', 'double', { readOnly }),
    field('extendedPrice', 'double', { readOnly }),
    field('totalAmount', 'double', { readOnly }),
    field('ourCost', 'double', { readOnly }),
    field('nonBillable', 'integer', { readOnly }),
    field('invoiceID', 'integer', { readOnly }),
    field('purchaseOrderNumber', 'string', { readOnly, length: 50 }),
    field('taxDollars', 'double', { readOnly }),
    field('lineItemFullDescription', 'string', { readOnly, isQueryable: false }),
    field('lineItemGroupDescription', 'string', { readOnly, isQueryable: false }),
    field('webServiceDate', 'datetime'),
    // The sandbox's own: first and last day that the item pays for.
    field('firstDay', 'datetime', own),
    field('lastDay', 'datetime', own),
  ],
};
