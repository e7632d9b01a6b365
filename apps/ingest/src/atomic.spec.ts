import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IngestAnswer } from './ingest-answer.js';
import { BATCH, type IngestInMemory, ingestInMemory, send } from './ingest-in-memory.behaviour.js';
import { sampleEvent } from './sample-events.behaviour.js';

describe('?atomic=true', () => {
  let ingest: IngestInMemory;
  beforeEach(async () => {
    ingest = await ingestInMemory();
  });
  afterEach(() => ingest.app.close());

  const faulty = sampleEvent({ id: 'e-2', data: {} });

  it('publishes nothing when one event is not acceptable, and says of each what is to be done', async () => {
    const response = await send(ingest, [sampleEvent(), faulty, sampleEvent({ id: 'e-3' })], BATCH, {}, '/v1/events?atomic=true');
    const { results, ...counts } = response.json<IngestAnswer>();

    expect([response.statusCode, response.headers['ingest-rejected']]).toEqual([422, '3']);
    expect(counts).toEqual({ accepted: 0, duplicate: 0, rejected: 3 });
    expect(results.map(({ problem }) => problem!.errors!.length)).toEqual([0, 3, 0]);
    expect(results[0]!.problem!.detail).toContain('send it again');
    expect(ingest.written()).toEqual([]);
  });

  it('publishes all when all are acceptable', async () => {
    const response = await send(ingest, [sampleEvent(), sampleEvent({ id: 'e-3' })], BATCH, {}, '/v1/events?atomic=true');

    expect([response.statusCode, response.headers['ingest-rejected'], ingest.written().length]).toEqual([202, '0', 2]);
  });

  it('changes nothing when it is false', async () => {
    const response = await send(ingest, [sampleEvent(), faulty], BATCH, {}, '/v1/events?atomic=false');

    expect([response.statusCode, response.headers['ingest-rejected'], ingest.written().length]).toEqual([207, '1', 1]);
  });
});
