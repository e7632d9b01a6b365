export { addMonths, daysInMonth } from './calendar/months.js';
export { type ZoneCalendar, zoneCalendar } from './calendar/zone-calendar.js';
export { addQuantities, compareQuantities, largerQuantity, subtractQuantities, sumQuantities } from './quantity-math.js';
export type { CloseDay, Period, PeriodSetting } from './period/period-setting.js';
export { BillingCalendar } from './period/billing-calendar.js';
export { orderKeyOf } from './order/order-key.js';
export { compareOrder, inOrder } from './order/compare-order.js';
export { toUtcMillis, toUtcNanos, utcMillisOf } from './order/utc-time.js';
export {
  type AssignmentIdentity,
  CUSTOMER_SERVICE,
  DOMAIN_SERVICE,
  USER_SERVICE,
  assignmentKeyOf,
  isSameAssignment,
  reachOfEvent,
} from './fold/assignment-identity.js';
export {
  type AssignedContent,
  type AssignmentFlags,
  type AssignmentState,
  type QuantityStep,
  type Segment,
  type SegmentEnd,
  type SegmentStart,
  isHeld,
} from './fold/assignment-state.js';
export { foldAssignment } from './fold/fold-assignment.js';
export { continuesState } from './fold/continues-state.js';
export { type NameEntry, nameAt, nameNow } from './fold/name-history.js';
export { type UserState, foldUser } from './fold/fold-user.js';
export { type CustomerState, type PayerEntry, foldCustomer } from './fold/fold-customer.js';
export { FROM_THE_BEGINNING, payersOf } from './fold/payers-of.js';
export { type CatalogueEntry, Catalogue } from './rows/catalogue.js';
export type { HeldInterval, Holding, UnbillableReason } from './rows/holding.js';
export { type RowRules, holdingsOf } from './rows/holdings-of.js';
export { type Movement, movementsOf } from './rows/movements-of.js';
export type { SchedulePeriod } from './schedule/schedule-period.js';
export { lineSchedule } from './schedule/line-schedule.js';
export { type ContinuedSchedule, type CountedSchedule, continuedSchedule } from './schedule/continued-schedule.js';
export type { RowChange } from './schedule/new-movements.js';
export type { NameBook } from './explain/names.js';
export { itemsOf } from './explain/items-of.js';
export { explainLine } from './explain/explain-line.js';
export { type Summary, summaryOf } from './explain/summary.js';
export { causesOf } from './explain/causes-of.js';
export * from './agreement/index.js';
export * from './mapping/index.js';
