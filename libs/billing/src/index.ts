export { billingSchema } from './billing-schema.js';
export { type SqlRunner } from './sql-runner.js';
export { BillingSettings, type SettingsChange } from './settings/billing-settings.js';
export { DEFAULT_SETTINGS, insertDefaultSettings } from './settings/default-settings.js';
export { type CatalogueChange, catalogueRows, linesOfService, putCatalogueRows } from './settings/catalogue.js';
export { type EventIdentity, type KnownEvent, findKnownEvents } from './queries/known-events.js';
export { BillingQueries } from './queries/billing-queries.js';
export type { AssignmentQuestion } from './queries/assignment-query.js';
export type { HeldAssignment } from './queries/held-assignment.js';
export { type Customer } from './queries/customer-query.js';
export { type ItemFilters } from './queries/item-query.js';
export { type LineDay, type LineUser, type LineUsers } from './queries/line-users.js';
export type { LineEffect, TimelineEntry, TimelineFilters } from './queries/timeline-entry.js';
export type { BillingLine, SummaryRow } from './queries/line-query.js';
export type { LineFilters } from './queries/line-question.js';
export { MalformedCursor, type Page, type PageRequest } from './queries/page.js';
export { type PeriodReference } from './queries/period-reference.js';
export { type EventRow, toEventRow } from './projection/event-row.js';
export { resendTargets } from './projection/resend-targets.js';
export { type Projected, projectEvents } from './projection/project-events.js';
export { type QuarantinedRecord, type QuarantineReason, type RecordOrigin, quarantine } from './projection/quarantine.js';
export { type DecidedQuarantine, type QuarantineDecision, decideQuarantined } from './quarantine/decide-quarantined.js';
export { type Quarantined, type QuarantineState, findQuarantined, listQuarantined } from './quarantine/quarantined.js';
export { type CommandPass, passCommands } from './commands/pass-commands.js';
export { DayWatch } from './commands/day-watch.js';
export { type ClosePass, type LogPosition, PeriodCloser, type PeriodCloserOptions } from './closing/period-closer.js';
export { type Snapshot } from './closing/read-snapshot.js';
export { type Operation, type OperationKind, type OperationStage, findOperation } from './operations/operation.js';
export {
  type Requested,
  type RequestContext,
  requestClose,
  requestRebuild,
  requestReprocess,
} from './operations/request-operation.js';
export { type LineDifference, type RowDifference } from './rebuild/period-difference.js';
export { type RebuildReport } from './rebuild/rebuild.js';
export { type ReprocessReport } from './rebuild/reprocess.js';
export { customerNames, skuNames } from './queries/names-for-mapping.js';
export { type WithoutSku } from './queries/without-sku.js';
export { type CountedAside, type ProjectedBatch, countProjected } from './accounting/count-projected.js';
export { type AcceptedEvents, writeAccepted } from './accounting/write-accepted.js';
export {
  type BalanceQuery,
  type EventBalance,
  type EventRecount,
  readEventBalances,
  recountQuarantined,
  recountStored,
} from './accounting/event-balances.js';
export { type FoldBounds, foldCounts } from './accounting/fold-counts.js';
export {
  type CountedIdentity,
  type FoundDifference,
  type LookedAt,
  type OpenDifference,
  noteDifferences,
  readDifferences,
} from './accounting/event-differences.js';
export { type CustomerLines, type SentLine, sentLinesByCustomer, sentLinesOf } from './accounting/sent-lines.js';
export { type DifferingLine, type RowBalance, readRowBalances } from './accounting/row-balances.js';
export { type CheckResult, readCheckResults, writeCheckResults } from './accounting/check-results.js';
