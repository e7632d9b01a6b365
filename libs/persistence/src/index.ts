export type { StoreSchema } from './store-schema.js';
export { type DatabaseOptions, openDatabase } from './open-database.js';
export { inTransaction, isEnvironmentError, sqlStateOf, staysOpen } from './in-transaction.js';
export { type OutboxRow, type StoredOutboxRow, OutboxTable, appendOutbox, outboxChannel, outboxDdl } from './outbox.js';
export { type WatermarkMove, WatermarkMoved, advanceWatermark, readWatermarks, watermarkDdl } from './watermark.js';
export {
  type NewCommand,
  type StoredCommand,
  appendCommand,
  commandChannel,
  commandDdl,
  finishCommands,
  pendingCommands,
  takeCommands,
  waitingCommands,
} from './command.js';
export { Listener, type ListenerLogger, type ListenerOptions } from './listener.js';
export { type PoolUse, poolUse } from './pool-use.js';
export { type WaitingRows } from './waiting-rows.js';
export { tenantCondition } from './walls/tenant-policy.js';
export { boundToTenant, currentTenant, inTenant } from './walls/tenant-scope.js';
