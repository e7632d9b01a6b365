import type { JsonValue } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';
import { textOf } from '../admin/text-of.js';
import { type EntityField, field, type PicklistValue } from './entities/entity-field.js';
import { entityAt } from './entities/entities.js';
import type { Entity } from './entities/entity.js';

/** What `/{Entity}/entityInformation` says; to a user from whom the entity is hidden, that nothing is allowed. */
export function entityInformation(entity: Entity, isHidden: boolean): object {
  const { name, hasUserDefinedFields } = entity;
  const verbs = new Set(isHidden ? [] : [...entity.rootVerbs, ...(entity.child?.verbs ?? [])]);
  const canQuery = entity.canQuery && !isHidden;
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

/** What `/{Entity}/entityInformation/userDefinedFields` says: every field that some record has. */
export function userDefinedFieldInformation({ path, hasUserDefinedFields }: Entity, tables: RecordTables): object {
  const records = hasUserDefinedFields ? tables.all(path) : [];
  const names = new Set(records.flatMap((record) => userDefinedNames(record['userDefinedFields'])));
  return { fields: [...names].sort().map((name) => toFieldInformation(field(name, 'string', { length: 8000 }))) };
}

function userDefinedNames(fields: JsonValue | undefined): string[] {
  const list = Array.isArray(fields) ? fields : [];
  return list.flatMap((each) => (typeof each === 'object' && each !== null && 'name' in each ? [textOf(each['name'])] : []));
}

function toFieldInformation(each: EntityField): object {
  return {
    name: each.name,
    dataType: each.type,
    length: each.length,
    isRequired: each.isRequired,
    isReadOnly: each.readOnly === 'always',
    isQueryable: each.isQueryable,
    isReference: each.references !== undefined,
    referenceEntityType: entityAt(each.references ?? '')?.name ?? '',
    isPickList: each.picklist !== undefined,
    picklistValues: each.picklist?.map(toPicklistValue) ?? null,
    picklistParentValueField: '',
    isSupportedWebhookField: false,
  };
}

function toPicklistValue(choice: PicklistValue, index: number): object {
  return {
    value: choice.value,
    label: choice.label,
    isDefaultValue: choice.isDefaultValue ?? false,
    sortOrder: index + 1,
    parentValue: '',
    isActive: true,
    isSystem: choice.isOwn !== true,
  };
}
