import type { EntityField } from './entities/entity-field.js';
import type { Entity } from './entities/entity.js';

/** What `/{Entity}/entityInformation` says. */
export function entityInformation({ name, canQuery, rootVerbs, child, hasUserDefinedFields }: Entity): object {
  const verbs = new Set([...rootVerbs, ...(child?.verbs ?? [])]);
  const access = (isAllowed: boolean) => (isAllowed ? 'All' : 'None');
  const canCreate = verbs.has('POST');
  const canUpdate = verbs.has('PATCH');
  const canDelete = verbs.has('DELETE');
  return {
    info: {
      name,
      canCreate,
      canDelete,
      canQuery,
      canUpdate,
      userAccessForCreate: access(canCreate),
      userAccessForDelete: access(canDelete),
      userAccessForQuery: access(canQuery),
      userAccessForUpdate: access(canUpdate),
      hasUserDefinedFields,
      supportsWebhookCallouts: name === 'Company',
    },
  };
}

/** What `/{Entity}/entityInformation/fields` says. */
export function fieldInformation({ fields }: Entity): object {
  return { fields: fields.filter(({ isHidden }) => !isHidden).map(toFieldInformation) };
}

function toFieldInformation(field: EntityField): object {
  return {
    name: field.name,
    dataType: field.type,
    length: field.length,
    isRequired: field.isRequired,
    isReadOnly: field.readOnly === 'always',
    isQueryable: field.isQueryable,
    isReference: field.references !== undefined,
    referenceEntityType: field.references ?? '',
    isPickList: field.picklist !== undefined,
    picklistValues: field.picklist?.map(toPicklistValue) ?? null,
    picklistParentValueField: '',
    isSupportedWebhookField: false,
  };
}

function toPicklistValue({ value, label, isDefaultValue }: NonNullable<EntityField['picklist']>[number], index: number): object {
  return {
    value,
    label,
    isDefaultValue: isDefaultValue ?? false,
    sortOrder: index + 1,
    parentValue: '',
    isActive: true,
    isSystem: true,
  };
}
