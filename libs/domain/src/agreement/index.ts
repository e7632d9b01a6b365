export { type CustomerMappingRow, type LineTraits, type ProductMappingRow } from './dated-mapping.js';
export { type AgreementPlace, type ConnectionMappings, type Unmapped, payerCodesOf } from './agreement-place.js';
export { type Contribution, type CountingPolicy, contributionsOf } from './contributions-of.js';
export { type AdoptedOffset, agreementSchedule, scheduleFrom } from './agreement-schedule.js';
export { type PartPeriod, closedThrough, sharedPeriods } from './shared-periods.js';
export { type WritesFromInput, writesFrom } from './writes-from.js';
export { isConfirmed, stateAfterOutcome } from './state-after-outcome.js';
export { isEqualBaseline } from './equal-baseline.js';
