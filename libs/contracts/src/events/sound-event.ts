import { isInstant } from '../instant.js';
import { type Check, compileMembers, hasAll, holdsAll, type MemberChecks } from './compiled-check.js';
import { eventData, type EventType } from './event-data.js';
import { eventAttributes, type ProvisioningEvent } from './provisioning-event.js';

const compiled = compileMembers(eventAttributes.shape);
const LONGEST_INSTANT = 40;
const isTime: Check = (value) => typeof value === 'string' && value.length <= LONGEST_INSTANT && isInstant(value);
const ATTRIBUTES: ReadonlyMap<string, Check> = new Map([...compiled.checks, ['time', isTime]]);
const DATA: ReadonlyMap<unknown, MemberChecks> = new Map(
  (Object.keys(eventData) as EventType[]).map((type) => [type, compileMembers(eventData[type].shape)]),
);

/**
 * The event, when it is beyond doubt that the schemas take it as it is. Null says nothing: the schemas decide, and tell what is wrong.
 * Extension attributes that we do not know count as doubt.
 */
export function soundEvent(raw: Readonly<Record<string, unknown>>): ProvisioningEvent | null {
  const { type, data } = raw;
  const members = DATA.get(type);
  if (members === undefined || typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  if (!holdsAll(members, data as Record<string, unknown>)) return null;
  const event: Record<string, unknown> = {};
  for (const name in raw) {
    const value = raw[name];
    if (name !== 'type' && name !== 'data' && ATTRIBUTES.get(name)?.(value) !== true) return null;
    event[name] = value;
  }
  return hasAll(compiled.required, event) ? (event as ProvisioningEvent) : null;
}
