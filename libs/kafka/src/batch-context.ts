import { BaseRpcContext } from '@nestjs/microservices';
import type { BatchControl } from './log-consumer.js';
import type { RecordBatch } from './log-record.js';

/** What `@Ctx()` gives a batch handler. */
export class BatchContext extends BaseRpcContext<[RecordBatch, BatchControl]> {
  constructor(batch: RecordBatch, control: BatchControl) {
    super([batch, control]);
  }

  /** Aborted when the service stops. */
  get signal(): AbortSignal {
    return this.args[1].signal;
  }

  /** Call it inside work that lasts longer than a few seconds. */
  heartbeat(): Promise<void> {
    return this.args[1].heartbeat();
  }
}
