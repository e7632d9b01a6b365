import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { previewRequestsTopic, quantityChangesTopic } from '@trueup/contracts';
import { OnBatch, type BatchOutcome, type BatchTransport, type RecordBatch } from '@trueup/kafka';
import type { INestMicroservice } from '@nestjs/common';
import type { ChangeReceiver } from './change-receiver.js';

/** The consuming side of a connector: one handler for each of the kind's two topics. */
export function createChangesApp(kind: string, receiver: ChangeReceiver, transport: BatchTransport): Promise<INestMicroservice> {
  @Controller()
  class ChangesController {
    @OnBatch(quantityChangesTopic(kind))
    changes(batch: RecordBatch): Promise<BatchOutcome> {
      return receiver.take(batch);
    }

    @OnBatch(previewRequestsTopic(kind))
    previews(batch: RecordBatch): Promise<BatchOutcome> {
      return receiver.take(batch);
    }
  }

  @Module({ controllers: [ChangesController] })
  class ChangesModule {}

  return NestFactory.createMicroservice(ChangesModule, { strategy: transport, logger: false });
}
