export { type BatchOutcome, type LogRecord, type OutRecord, type RecordBatch, doneWith } from './log-record.js';
export { type LogPublisher, type PublisherOptions, PublishRefused } from './log-publisher.js';
export {
  type BatchControl,
  type BatchHandler,
  type ConsumerHealth,
  type ConsumerOptions,
  type LogConsumer,
} from './log-consumer.js';
export { type KafkaLink, type OffsetRange, TopicMismatch } from './kafka-link.js';
export { type LinkLogger, silentLogger } from './link-logger.js';
export { type KafkaOptions, createKafka } from './kafkajs-link.js';
export { type MemoryLogOptions, MemoryLog } from './memory-log.js';
export { type RelayOptions, type RelayOutbox, type RelayRow, relayPass } from './relay-pass.js';
export { type PartitionLag } from './group-lag.js';
export { BatchContext } from './batch-context.js';
export { BatchErrorFilter } from './batch-error-filter.js';
export { OnBatch } from './on-batch.js';
export { type BatchTransportOptions, BatchTransport } from './batch-transport.js';
export { type HandledBatch, type LagWithAge, type TransportHealth } from './transport-health.js';
export { type TraceHeaders, childTraceparent, traceHeadersOf } from './trace-context.js';
export { type TopicAdminOptions, type TopicGrant, TopicAdmin } from './topic-admin.js';
