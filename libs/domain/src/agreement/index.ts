export { type CustomerMappingRow, type LineTraits, type ProductMappingRow } from './dated-mapping.js';
export { type AgreementPlace, type ConnectionMappings, type Unmapped, payerCodesOf } from './agreement-place.js';
export { type Contribution, type CountingPolicy, contributionsOf, startOfPeriodWith } from './contributions-of.js';
export { type AdoptedOffset, offsetOn } from './adopted-offset.js';
export { agreementSchedule, scheduleFrom } from './agreement-schedule.js';
export { type PartPeriod, closedThrough, sharedPeriods } from './shared-periods.js';
export { type WritesFromInput, writesFrom } from './writes-from.js';
export { dayTaken, stepsSince, withheldSteps } from './remapped-steps.js';
export {
  type CorrectionBounds,
  type LateSplit,
  type LateUnits,
  type RestatedPart,
  currentSteps,
  lateUnits,
  splitLateUnits,
} from './late-corrections.js';
export { isConfirmed, stateAfterOutcome } from './state-after-outcome.js';
export { isEqualBaseline } from './equal-baseline.js';
export * from './guards/index.js';
