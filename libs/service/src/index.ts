export { type Clock, clock } from './clock.js';
export { CRASH_POINTS, type CrashPoint, crashPoint } from './crash-point.js';
export { Secret } from './secret.js';
export {
  adminConfig,
  commaList,
  databaseConfig,
  tenantDatabaseConfig,
  httpConfig,
  kafkaConfig,
  readConfig,
  redisConfig,
  secretText,
} from './config.js';
export { type Logger, createLogger } from './logger.js';
export { Counter, Gauge, Histogram, metrics } from './metrics.js';
export { type InFlight, ServiceHealth } from './service-health.js';
export { AdminServer } from './admin-server.js';
export { type RunningService, type ServiceContext, type ServiceOptions, runService } from './run-service.js';
export { type PassResult, WorkLoop, type WorkLoopOptions, watchLoops } from './work-loop.js';
export { type Sample, type SampledGaugeOptions, sampledGauge } from './sampled-gauge.js';
export { type WatchedConsumer, countBatch, watchConsumer } from './watch-consumer.js';
export { watchRequests, watchServers } from './watch-requests.js';
export { type WatchedRows, type WatchedStore, watchStore } from './watch-store.js';
