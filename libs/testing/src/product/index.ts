// The running product as its users meet it: over HTTP, the local runtime's control side and the sandbox's own ledger.
export { contractYears, dayOf, daysBefore, monthStartOf } from './calendar.js';
export { type Call, call, UnexpectedAnswer } from './http.js';
export { ask, inDatabase } from './in-database.js';
export { type IngestAnswer, type LineView, Msp } from './msp.js';
export { assigned, type CloudEvent, event, removed } from './provisioning.js';
export { type Endpoints, type ProcessStatus, Runtime, type RuntimeStatus } from './runtime.js';
export { type Effect, Sandbox, type UnitRow, type WantedContract } from './sandbox.js';
export {
  agreementLineOf,
  type AgreementLineView,
  mapCustomers,
  resolve,
  runLogOf,
  type Scene,
  type SceneCustomer,
  type SceneOptions,
  type SceneProduct,
  seats,
  SERVICE,
  setScene,
  SKU,
  writesOf,
} from './scene.js';
export { REPOSITORY, type StartedRuntime, startRuntime } from './start-runtime.js';
export { everythingKept, type Kept } from './everything-kept.js';
export { oneOf, seededRandom, shuffled, wholeBelow } from './seeded-random.js';
export { until } from './until.js';
