export { controlSchema } from './control-schema.js';
export type { SqlRunner } from './sql-runner.js';
export { lockSettings, shareSettings } from './settings-lock.js';
export type { StoredConnection } from './connections/stored-connection.js';
export { connectionsOfKind, findConnection, listConnections, tenantsWithConnections } from './connections/find-connections.js';
export {
  type ConnectionChange,
  type ConnectionPatch,
  type NewConnection,
  createConnection,
  patchConnection,
  removeConnection,
} from './connections/change-connection.js';
export { type ModeChange, countLinesNotSeen, setConnectionMode } from './connections/set-connection-mode.js';
export { type EpochReason, raiseEpoch } from './connections/raise-epoch.js';
export { zeroConnection } from './connections/zero-connection.js';
export {
  type CheckAnswer,
  findCheckAnswer,
  recordCheckAnswer,
  requestCheck,
  suspendConnection,
} from './connections/connection-check.js';
export type { MappingChange, MappingEnd } from './mappings/mapping-change.js';
export {
  type CustomerRef,
  customerMappingsOf,
  deleteCustomerMappings,
  listCustomerMappings,
  putCustomerMappings,
} from './mappings/customer-mappings.js';
export {
  type ProductRef,
  deleteProductMappings,
  listProductMappings,
  productMappingsOf,
  putProductMappings,
} from './mappings/product-mappings.js';
export {
  type DatedCustomerMapping,
  type DatedProductMapping,
  datedCustomerMappings,
  datedProductMappings,
  mappingsThatBegin,
} from './mappings/mappings-in-force.js';
export { type MappingImport, importMappings, mappingImportErrors } from './mappings/import-mappings.js';
export type { ImportKind, ImportedMapping } from './mappings/import-kind.js';
export { type MappingImportChange, type MappingTarget, mappingImportChanges } from './mappings/mapping-import-changes.js';
export { type UndoneImport, undoMappingImport } from './mappings/undo-mapping-import.js';
export { type UnmappedCustomer, countUnmapped, listUnmapped } from './mappings/unmapped-customers.js';
export {
  type ListProblem,
  type ListProgress,
  type PsaLists,
  findPsaLists,
  listProgress,
  recordListPart,
  recordListProblem,
  requestLists,
} from './suggestions/psa-lists.js';
export { type UnnamedLines, type UnnamedLinesFilter, listUnnamedLines } from './suggestions/unnamed-lines.js';
export { type ToBeMapped, toBeMapped } from './suggestions/to-be-mapped.js';
export { type AgreementLineFilter, listAgreementLines } from './agreement-lines/list-agreement-lines.js';
export { type AgreementLineExplain, explainAgreementLine } from './agreement-lines/explain-agreement-line.js';
export { deliveriesOfLines } from './agreement-lines/deliveries-of-lines.js';
export { hasDelivered } from './agreement-lines/has-delivered.js';
export { type RunFilter, findRun, listRuns } from './runs/list-runs.js';
export { type PlacedLogEntry, type RunLogFilter, readRunLog } from './runs/read-run-log.js';
export {
  type CustomerOfTenant,
  type LineSelection,
  type ReceivedTarget,
  type StoredPart,
  lockLines,
  markDecided,
  selectLines,
  storeTargets,
  undecidedLines,
} from './agreement-lines/line-parts.js';
export {
  type AgreementLineId,
  type AgreementLinePart,
  type ConfirmedPart,
  type PlacedPart,
  customersOfAgreementLines,
  keepConfirmedSteps,
  partsOfAgreementLines,
  partsOfLines,
  writeParts,
} from './agreement-lines/agreement-line-parts.js';
export { type ReleasedPart, noteDeliveredSteps, noteReleasedSteps } from './agreement-lines/delivered-steps.js';
export {
  type CountedAgreementLine,
  type LineLook,
  type LineTally,
  countedAgreementLines,
  lockRunCounts,
} from './agreement-lines/line-tally.js';
export type { AgreementLineRow } from './agreement-lines/agreement-line-row.js';
export {
  type NewAgreementLine,
  ensureAgreementLines,
  linesThatMayBeWritten,
  lockAgreementLines,
  lockLinesOfOlderEpoch,
  saveAgreementLines,
} from './agreement-lines/agreement-line-store.js';
export { recordOutcomes } from './agreement-lines/record-outcomes.js';
export { type WaitingLines, countWaiting } from './agreement-lines/count-waiting.js';
export { type ConnectionDay, type DayRun, dayRunsOf, finishEarlierRuns, startDayRuns } from './runs/continuous-runs.js';
export { type NewLogEntry, appendLog } from './runs/append-log.js';
export {
  type ManualRun,
  type RunVersion,
  addRunVersions,
  endRunVersions,
  findManualRun,
  finishManualRuns,
  lockLinesOfRun,
  markRunReleased,
  runVersionKey,
  runsOfVersions,
  unmappedOfRun,
} from './runs/manual-runs.js';
export { type RunRequest, startRun } from './runs/start-run.js';
export { noteDayStarted } from './runs/day-started.js';
export type { DecisionMaker } from './decisions/decision-maker.js';
export { type Refusal, type ResolutionRefusal, resolveAgreementLine } from './decisions/resolve-agreement-line.js';
export { type StoredResolution, markResolutionsApplied, pendingResolutions, resolutionsOf } from './decisions/resolutions.js';
export { type DoneWork, type WorkItemRefusal, confirmWorkItem } from './decisions/confirm-work-item.js';
export { type WorkItemPage, listWorkItems } from './decisions/list-work-items.js';
export { type HoldPage, listHolds } from './decisions/list-holds.js';
export {
  type PendingRelease,
  type ReleaseRefusal,
  markReleasesApplied,
  pendingReleases,
  releaseHold,
} from './decisions/release-hold.js';
export { type NewRemap, type Remap, beginRemaps, endOtherRemaps, noteLowering, noteTaken, remapsOf } from './remaps/remaps.js';
export { listGuards, putGuards } from './guards/guards.js';
export { countEndedWaits, endWaits } from './guards/end-waits.js';
export {
  type LateCorrection,
  type ScheduledCorrection,
  endScheduledCorrections,
  scheduledCorrections,
  storeLateCorrections,
} from './corrections/store-corrections.js';
export { listCorrections } from './corrections/list-corrections.js';
export {
  type ShiftedCorrection,
  type ShiftedCorrections,
  replaceShiftedCorrections,
} from './corrections/replace-shifted-corrections.js';
export { type QuarantinedRecord, quarantineRecords } from './quarantine.js';
export { announceBillingPeriodChange } from './announce-billing-period-change.js';
export {
  type DecidedCustomer,
  type DecidedLine,
  type LinesInState,
  decidedLinesByCustomer,
  decidedLinesOf,
  linesByState,
} from './accounting/decided-lines.js';
export {
  type DifferingCount,
  type LinePartBalance,
  type ScheduleBalance,
  readLinePartBalances,
  readScheduleBalances,
} from './accounting/part-balances.js';
