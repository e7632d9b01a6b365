export {
  type Code,
  type ConnectionSettings,
  type Finding,
  type PlainDate,
  type PsaEntry,
  type PsaLine,
  type Quantity,
  type QuantityChange,
  type ShiftedDays,
  type Step,
  addDays,
  laterOf,
  levelOn,
  stepsFrom,
  withoutRepeats,
} from '@trueup/contracts';
export { fromNumber, isLess, isWhole, minus, plus, smallerOf, toWholeNumber } from './connector/quantity-math.js';
export { isSameFrom, isZeroFrom, lastLevelOf, lowestFrom, raisedFrom, shortestFrom } from './connector/schedule.js';
export {
  type AgreementLineRef,
  type Connector,
  type Held,
  type Located,
  type Memory,
  type PastWrite,
  type PsaRecord,
  type Refusal,
  isRefusal,
} from './connector/connector.js';
export type { Next, PsaRequest, WorkItem, Write } from './connector/next.js';
export { type SimpleConnector, defineConnector } from './connector/define-connector.js';
export { type Manifest, manifestSchema, readManifest } from './connector/manifest.js';
export { type AnswerClass, type HttpAnswer, PsaRefused, classifyAnswer } from './http/http-answer.js';
export { type Http, type Psa, type Session, SecretMissing } from './http/psa.js';
export { ledgerSchema, ledgerSchemaName } from './ledger/ledger-schema.js';
export { runConnector } from './run/run-connector.js';
