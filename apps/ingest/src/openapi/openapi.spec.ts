import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IngestInMemory, ingestInMemory, send } from '../ingest-in-memory.behaviour.js';
import { requestExamples } from './examples.js';
import { ingestOpenApi } from './openapi-document.js';

const document = JSON.parse(JSON.stringify(ingestOpenApi())) as Record<string, unknown>;
const committed = JSON.parse(readFileSync(new URL('../../../../docs/openapi-ingest.json', import.meta.url), 'utf8')) as object;
const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema(document, 'ingest');
const schemaOf = (name: string): ValidateFunction => ajv.getSchema(`ingest#/components/schemas/${name}`)!;

describe('the OpenAPI document of ingest', () => {
  let ingest: IngestInMemory;
  beforeEach(async () => {
    ingest = await ingestInMemory();
  });
  afterEach(() => ingest.app.close());

  it('is committed as it is generated (npm run openapi --workspace @trueup/ingest)', () => {
    expect(committed).toEqual(document);
  });

  it('is valid OpenAPI 3.1, and the check refuses a broken one', async () => {
    const validator = new Validator();
    const sound = await validator.validate(structuredClone(document));
    const broken = await validator.validate({ ...structuredClone(document), paths: { events: 1 } });

    expect([sound.valid, validator.version, broken.valid]).toEqual([true, '3.1', false]);
  });

  it.each(requestExamples)('shows an example "$name" that gets its status and its answer', async (example) => {
    const { body, contentType, headers = {}, query = '', status } = example;
    const response = await send(ingest, body, contentType, headers, `/v1/events${query}`);

    expect([response.statusCode, schemaOf('Answer')(response.json())]).toEqual([status, true]);
  });

  it('accepts by its schema the events that ingest accepts, and refuses the faulty one', () => {
    const bodies = requestExamples
      .filter(({ contentType }) => contentType === 'application/cloudevents+json')
      .map(({ body }) => body);

    expect(bodies.map((body) => schemaOf('Event')(body))).toEqual([true, false]);
  });

  it('has the shape of the limits and of problems', async () => {
    const limits = await ingest.app.inject({ method: 'GET', url: '/v1/ingest' });
    const problem = await send(ingest, '{');

    expect([schemaOf('Limits')(limits.json()), schemaOf('Problem')(problem.json())]).toEqual([true, true]);
  });
});
