import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { breakingChanges } from '../test/breaking-changes.js';
import { readDocument } from '../test/document-operations.js';
import type { Document, JsonSchema } from '../test/document-operations.js';

const released = readDocument('openapi.released.json');
const current = readDocument('openapi.json');
const schemaOf = (document: Document, name: string): JsonSchema => document.components.schemas[name]!;
const membersOf = (document: Document, name: string): Record<string, JsonSchema> =>
  schemaOf(document, name)['properties'] as Record<string, JsonSchema>;

/** What is found when the current document becomes a changed copy of itself. */
function foundAfter(change: (document: Document) => void): string[] {
  const copy = structuredClone(current);
  change(copy);
  return breakingChanges(current, copy);
}

describe('the OpenAPI document', () => {
  it('breaks nothing that was released (docs/openapi.released.json is replaced when a version is released)', () => {
    expect(breakingChanges(released, current)).toEqual([]);
  });

  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(current) as never);
    expect([valid, errors]).toEqual([true, undefined]);
  });
});

describe('a change that breaks clients', () => {
  const breaking: [string, (document: Document) => void, string][] = [
    ['an operation is removed', ({ paths }) => delete paths['/v1/me'], 'GET /v1/me: removed'],
    ['a method is removed', ({ paths }) => delete paths['/v1/guards']!['put'], 'PUT /v1/guards: removed'],
    ['a member of an answer is removed', (document) => delete membersOf(document, 'Customer')['name'], '200/name removed'],
    [
      'a member of an answer becomes optional',
      (document) => (schemaOf(document, 'Run')['required'] as string[]).splice(0, 1),
      'may be absent now',
    ],
    [
      'a member of an answer has another type',
      (document) => (membersOf(document, 'Operation')['done'] = { type: 'string' }),
      '200/done is string',
    ],
    [
      'a member of an answer may be null',
      (document) => (membersOf(document, 'Me')['label'] = { anyOf: [{ type: 'string' }, { type: 'null' }] }),
      '200/label is null',
    ],
    [
      'a member of a body becomes required',
      (document) => (schemaOf(document, 'ConnectionPatch')['required'] = ['label']),
      'body/label is required now',
    ],
    [
      'a member of a body is refused',
      (document) => delete membersOf(document, 'NewToken')['expiresAt'],
      'body/expiresAt removed',
    ],
    [
      'a member of a body has another type',
      (document) => (membersOf(document, 'HoldRelease')['note'] = { type: 'number' }),
      'body/note is string',
    ],
    [
      'a text must be shorter',
      (document) => (membersOf(document, 'HoldRelease')['note']!['maxLength'] = 10),
      'body/note has another maxLength',
    ],
    [
      'a value is not taken any more',
      (document) => (membersOf(document, 'ModeChange')['mode']!['enum'] = ['observe', 'approve']),
      'body/mode does not take "auto"',
    ],
    ['a parameter is removed', ({ paths }) => paths['/v1/runs']!['get']!.parameters!.pop(), 'removed'],
    [
      'a parameter becomes required',
      ({ paths }) => (paths['/v1/runs']!['get']!.parameters![0]!.required = true),
      'is required now',
    ],
    [
      'a new parameter is required',
      ({ paths }) => paths['/v1/runs']!['get']!.parameters!.push({ name: 'zone', in: 'query', required: true }),
      'new parameter query zone is required',
    ],
    [
      'a status is not answered any more',
      ({ paths }) => delete paths['/v1/runs']!['post']!.responses['202'],
      'does not answer 202 any more',
    ],
    [
      'another scope is asked for',
      ({ paths }) => (paths['/v1/runs']!['get']!.security = [{ bearer: ['audit:read'] }]),
      'audit:read',
    ],
  ];

  it.each(breaking)('is found: %s', (_what, change, told) => {
    expect(foundAfter(change).join('\n')).toContain(told);
  });
});

describe('a change that breaks nobody', () => {
  const harmless: [string, (document: Document) => void][] = [
    ['nothing', () => undefined],
    ['a new operation', ({ paths }) => (paths['/v1/new'] = paths['/v1/me']!)],
    ['a new member of an answer', (document) => (membersOf(document, 'Me')['since'] = { type: 'string' })],
    ['a new optional member of a body', (document) => (membersOf(document, 'NewToken')['note'] = { type: 'string' })],
    ['one more value is taken', (document) => (membersOf(document, 'ModeChange')['mode']!['enum'] as string[]).push('pause')],
    ['a longer text is taken', (document) => (membersOf(document, 'HoldRelease')['note']!['maxLength'] = 1000)],
    [
      'a new optional parameter',
      ({ paths }) => paths['/v1/runs']!['get']!.parameters!.push({ name: 'zone', in: 'query', schema: { type: 'string' } }),
    ],
  ];

  it.each(harmless)('is let pass: %s', (_what, change) => {
    expect(foundAfter(change)).toEqual([]);
  });
});
