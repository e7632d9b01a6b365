import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { PROVISIONING_EVENTS } from '@trueup/contracts';
import { type BatchOutcome, OnBatch, type RecordBatch } from '@trueup/kafka';
import { EventProjector } from './event-projector.js';

/** Takes batches of provisioning events from the log. */
@Controller()
export class EventsController {
  constructor(@Inject(EventProjector) private readonly projector: EventProjector) {}

  @OnBatch(PROVISIONING_EVENTS)
  project(@Payload() batch: RecordBatch): Promise<BatchOutcome> {
    return this.projector.project(batch);
  }
}
