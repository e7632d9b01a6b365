export { type PlainDate, addDays, epochDayOf, fromEpochDay, laterOf, plainDate } from './plain-date.js';
export { instant, isInstant } from './instant.js';
export { type Quantity, quantity, quantityInput, toQuantity } from './quantity.js';
export { type Step, levelOn, step, stepsFrom, withoutRepeats } from './step.js';
export { code, name, printableText } from './text.js';
export { findJsonFaults } from './find-json-faults.js';
export { canonicalJson } from './canonical-json.js';
export { type AgreementLineIdentity, type LineIdentity, agreementLineKeyOf, changeIdOf, lineKeyOf, lineRefOf } from './keys.js';
export { type FieldError, type Problem, type ProblemCode, PROBLEM_CODES, fieldErrorsOf, pointerOf, problem } from './problems.js';
export { murmur2 } from './murmur2.js';
export {
  type TopicDefinition,
  LINE_TARGETS,
  OUTCOMES,
  PROVISIONING_EVENTS,
  PSA_KINDS,
  TOPICS,
  partitionOf,
  previewRequestsTopic,
  quantityChangesTopic,
  topicsOfKind,
} from './topics.js';
export { type DatabaseRole, DATABASE_ROLES, TENANT_SETTING } from './database-roles.js';
export { type Code, type CodeMeaning, type CodeOwner, type LogLevel, CODES, codeName, meaningOf, printedCode } from './codes.js';
export { type Reach, type Scope, SCOPES, reach, scope } from './reach.js';
export { type EventDataOf, type EventType, EVENT_TYPES, REMOVAL_TYPES, eventData } from './events/event-data.js';
export {
  type EventAttributes,
  type ProvisioningEvent,
  actorOf,
  eventAttributes,
  eventSchemaOf,
} from './events/provisioning-event.js';
export { type ParsedEvent, parseEvent } from './events/parse-event.js';
export { eventFingerprint } from './events/event-fingerprint.js';
export { type EventRecord, type RecordedEvent, fromEventRecord, toEventRecord } from './events/event-record.js';
export {
  type Cause,
  type LinePeriod,
  type LineTarget,
  type Payer,
  MAX_CAUSES,
  actor,
  cause,
  linePeriod,
  lineTarget,
  payer,
} from './messages/line-target.js';
export { type ChangeStep, type QuantityChange, changeStep, quantityChange } from './messages/quantity-change.js';
export {
  type Finding,
  type Outcome,
  type OutcomeKind,
  type OutcomeWrite,
  FINAL_OUTCOMES,
  OUTCOME_KINDS,
  finding,
  type ShiftedDays,
  outcome,
  outcomeWrite,
  shiftedDays,
} from './messages/outcome.js';
export type { ManualChange } from './messages/outcome.js';
export { type PsaEntry, type PsaLine, type PsaListPart, psaEntry, psaLine, psaListPart } from './messages/psa-list.js';
export { type BillingPeriod, type BillingPeriodSettings, billingPeriod, billingPeriodSettings } from './api/billing-period.js';
export {
  type Connection,
  type ConnectionMode,
  type ConnectionSettings,
  type InternalConnection,
  type InternalConnections,
  CONNECTION_MODES,
  connection,
  connectionMode,
  connectionSettings,
  connectionState,
  internalConnections,
} from './api/connection.js';
export { type ConnectorManifest, connectorKind, connectorManifest } from './api/connector-manifest.js';
export { type AgreementLine, type Guard, type Hold, type WorkItem, agreementLine, guard, hold, workItem } from './api/control.js';
export { type Actor, type Item, type ItemInterval, type ItemKind, ITEM_KINDS, item, itemInterval, itemKind } from './api/item.js';
export {
  type CauseCode,
  type Delivery,
  type DeliveryState,
  type Explain,
  type Line,
  CAUSE_CODES,
  DELIVERY_STATES,
  delivery,
  explain,
  line,
} from './api/line.js';
export {
  type CatalogueRow,
  type CustomerMapping,
  type ProductMapping,
  catalogueRow,
  customerMapping,
  productMapping,
} from './api/mapping.js';
export { type Correction, type Resolution, correction, resolution } from './api/resolution.js';
export { type LogEntry, type Run, logEntry, run } from './api/run-log.js';
export { type Token, token } from './api/token.js';
