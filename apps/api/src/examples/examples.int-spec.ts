import { writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsOf, readDocument, successesOf } from '../../test/document-operations.js';
import type { PlacedOperation } from '../../test/document-operations.js';
import { exampleRequests } from '../../test/example-requests.js';
import { prepareStage } from '../../test/example-stage.js';
import type { ExampleStage } from '../../test/example-stage.js';
import { StartedApi } from '../../test/started-api.js';
import type { Answer, Call } from '../../test/started-api.js';
import type { RecordedExample } from './with-examples.js';

// Performs every example of the document against a real API. After a change of a route, record again:
// `npm run openapi --workspace @trueup/api`, then `npm run examples --workspace @trueup/api`, which does this and prints the document.
const isRecording = process.env['TRUEUP_RECORD_EXAMPLES'] === '1';
const document = readDocument('openapi.json');
const recorded: Record<string, RecordedExample> = {};
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, 'document');

let api: StartedApi;
let readers: ExampleStage;
let first: { tenantId: string; adminToken: string };
beforeAll(async () => {
  api = await StartedApi.start();
  readers = await prepareStage(api, true);
  first = { tenantId: api.tenantId, adminToken: api.adminToken };
});
afterAll(async () => {
  await api.stop();
  if (isRecording) writeFileSync(new URL('recorded.json', import.meta.url), `${JSON.stringify(recorded, null, 2)}\n`);
});

/** Readings share a tenant; whatever changes something has one of its own. */
function stageFor({ method, path }: PlacedOperation): Promise<ExampleStage> {
  if (method !== 'GET') return prepareStage(api, /tenants|people|sessions|password|invitations/.test(path));
  Object.assign(api, first);
  return Promise.resolve(readers);
}

const mediaOf = ({ requestBody }: PlacedOperation) => Object.entries(requestBody?.content ?? {})[0];
const isBytes = (contentType: string | null) => /spreadsheet/.test(contentType ?? '');

/** The request of an operation's example: as the document shows it, or, to be recorded, as the table and the schema give it. */
function exampleOf(operation: PlacedOperation, stage: ExampleStage): Pick<RecordedExample, 'parameters' | 'body'> {
  const media = mediaOf(operation)?.[1];
  if (!isRecording) {
    const shown = (operation.parameters ?? []).filter(({ example }) => example !== undefined);
    return { parameters: Object.fromEntries(shown.map(({ name, example }) => [name, example!])), body: media?.example };
  }
  const { query, body } = exampleRequests[operation.name] ?? {};
  const named = media?.schema?.$ref?.split('/').at(-1);
  const schema = named === undefined ? media?.schema : document.components.schemas[named];
  const ids = stage.parametersOf(operation.path);
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name!, ids[name!]!]);
  return { parameters: { ...Object.fromEntries(inPath), ...query }, body: body ?? schema?.example };
}

async function perform(operation: PlacedOperation, stage: ExampleStage, headers: Record<string, string> = {}): Promise<Answer> {
  const { parameters, body } = exampleOf(operation, stage);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(stage.toReal(parameters[name]!)));
  const query = (operation.parameters ?? []).filter(({ name, in: place }) => place === 'query' && parameters[name] !== undefined);
  const search = new URLSearchParams(query.map(({ name }) => [name, stage.toReal(parameters[name]!)])).toString();
  const call: Call = { method: operation.method, ...credentialsFor(operation, stage, headers) };
  if (body !== undefined) {
    const contentType = mediaOf(operation)![0];
    call.raw = stage.toReal(typeof body === 'string' ? body : JSON.stringify(body));
    call.headers = { ...call.headers, 'content-type': contentType };
  }
  const answer = await api.call(search === '' ? path : `${path}?${search}`, call);
  if (isRecording) recorded[operation.operationId] ??= toRecorded({ parameters, body }, answer, stage);
  return answer;
}

/** What only somebody who is signed in can do. */
const ownActs = new Set(['PUT /v1/me/password', 'DELETE /v1/sessions/{id}', 'GET /v1/sessions']);

function credentialsFor({ name, security }: PlacedOperation, { session }: ExampleStage, headers: Record<string, string>): Call {
  if (ownActs.has(name)) return { token: null, headers: { ...headers, ...session } };
  if (!security?.length) return { token: null, headers };
  return { token: security[0]!['service'] ? 'the-service-token' : api.adminToken, headers };
}

function toRecorded(sent: Pick<RecordedExample, 'parameters' | 'body'>, answer: Answer, stage: ExampleStage): RecordedExample {
  const text = stage.toExample(answer.text);
  const shown = answer.body === null ? text : (JSON.parse(text) as unknown);
  const isShown = text !== '' && !isBytes(answer.headers.get('content-type'));
  return { ...sent, status: answer.status, ...(isShown && { answer: shown }) };
}

function schemaFaults(operation: PlacedOperation, status: string, answer: unknown): string[] {
  const [type, media] = Object.entries(operation.responses[status]?.content ?? {})[0] ?? [];
  if (type !== 'application/json' || !media?.schema) return [];
  const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
  const place = ['paths', operation.path, operation.method.toLowerCase(), 'responses', status, 'content', type, 'schema'];
  const validate = ajv.compile({ $ref: `document#/${place.map(escaped).join('/')}` });
  return validate(answer) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const operations = operationsOf(document);
const takesKey = ({ parameters = [] }: PlacedOperation) => parameters.some(({ name }) => name === 'Idempotency-Key');

describe('the example of', () => {
  it.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s works, and a POST can be repeated',
    async (_name, operation) => {
      const stage = await stageFor(operation);
      const headers: Record<string, string> = takesKey(operation) ? { 'idempotency-key': 'example' } : {};
      const answer = await perform(operation, stage, headers);
      expect([answer.status, answer.status < 300 ? '' : answer.text]).toEqual([answer.status, '']);
      expect(successesOf(operation)).toContain(String(answer.status));
      expect(schemaFaults(operation, String(answer.status), answer.body)).toEqual([]);
      if (!takesKey(operation)) return;
      const again = await perform(operation, stage, headers);
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([answer.status, 'true']);
    },
  );
});

describe('the document', () => {
  const open = operations.filter(({ security }) => security?.[0]?.['bearer']);

  it('takes an Idempotency-Key with every POST', () => {
    const posted = open.filter(({ method }) => method === 'POST');
    const without = posted.filter((operation) => !takesKey(operation));
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it.runIf(!isRecording)('shows an answer that fits its schema for every operation that answers text', () => {
    const faults = operations.flatMap((operation) => {
      const shown = successesOf(operation).flatMap((status) =>
        Object.entries(operation.responses[status]!.content ?? {}).map(([type, { example }]) => ({ status, type, example })),
      );
      if (shown.every(({ type }) => isBytes(type))) return [];
      const given = shown.filter(({ example }) => example !== undefined);
      const mayBeSilent = successesOf(operation).some((status) => !operation.responses[status]!.content);
      if (given.length === 0 && !mayBeSilent) return [`${operation.name} shows no answer`];
      return given.flatMap(({ status, example }) =>
        schemaFaults(operation, status, example).map((fault) => `${operation.name} ${fault}`),
      );
    });
    expect(faults).toEqual([]);
  });
});
