import { field, idField } from './entity-field.js';
import type { Entity } from './entity.js';

const contractTypes = [
  { value: '1', label: 'Time & Materials' },
  { value: '3', label: 'Fixed Price' },
  { value: '4', label: 'Block Hours' },
  { value: '6', label: 'Retainer' },
  { value: '7', label: 'Recurring Service' },
  { value: '8', label: 'Per Ticket' },
];

/** The last one is a tenant's own. */
const statuses = [
  { value: '0', label: 'Inactive' },
  { value: '1', label: 'Active', isDefaultValue: true },
  { value: '1001', label: 'Awaiting Signature', isOwn: true },
];

/** Billing periods of contracts and services. */
export const periodTypes = [
  { value: '2', label: 'Monthly', isDefaultValue: true },
  { value: '3', label: 'Quarterly' },
  { value: '4', label: 'Semi-Annual' },
  { value: '5', label: 'Yearly' },
];

/** The container of recurring services. */
export const contract: Entity = {
  path: 'Contracts',
  name: 'Contract',
  canQuery: true,
  rootVerbs: ['POST', 'PUT', 'PATCH'],
  hasUserDefinedFields: true,
  isAboutContracts: true,
  fields: [
    idField,
    field('companyID', 'integer', { isRequired: true, references: 'Companies', readOnly: 'create' }),
    field('contractName', 'string', { isRequired: true, length: 100 }),
    field('contractType', 'integer', { isRequired: true, readOnly: 'create', picklist: contractTypes }),
    field('contractNumber', 'string', { length: 50 }),
    field('contractCategory', 'integer'),
    field('contractPeriodType', 'integer', { readOnly: 'create', picklist: periodTypes }),
    field('startDate', 'datetime', { isRequired: true }),
    field('endDate', 'datetime', { isRequired: true }),
    field('status', 'integer', { isRequired: true, picklist: statuses }),
    field('timeReportingRequiresStartAndStopTimes', 'integer', { isRequired: true }),
    field('billingPreference', 'integer'),
    field('billToCompanyID', 'integer', { references: 'Companies' }),
    field('description', 'string', { length: 2000 }),
    field('setupFee', 'double'),
    field('setupFeeBillingCodeID', 'integer'),
    field('purchaseOrderNumber', 'string', { length: 50 }),
    field('isDefaultContract', 'boolean'),
    field('isCompliant', 'boolean', { readOnly: 'always' }),
    field('organizationalLevelAssociationID', 'integer'),
    field('serviceLevelAgreementID', 'integer'),
    field('opportunityID', 'integer'),
    field('renewedContractID', 'integer', { readOnly: 'always' }),
    field('exclusionContractID', 'integer', { references: 'Contracts' }),
    field('contractExclusionSetID', 'integer'),
  ],
};
