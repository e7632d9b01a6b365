import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lineTarget } from '../messages/line-target.js';
import { outcome } from '../messages/outcome.js';
import { quantityChange } from '../messages/quantity-change.js';
import { breakingChanges, type Schema } from './breaking-changes.js';
import { schemaDocuments } from './schema-documents.js';

const folder = join(import.meta.dirname, '../../schemas/released');
const samples = join(import.meta.dirname, '../../samples/messages');
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const released = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
const current = new Map(schemaDocuments().map(({ path, document }) => [path, document as Schema]));
const relianceOn = (path: string) => (path.startsWith('events/') ? 'written' : 'written-and-read');

describe('schemas that others rely on', () => {
  it.each(released)('break nothing for programs made for the released %s', (path) => {
    const now = current.get(path);

    expect(now ? breakingChanges(read(join(folder, path)) as Schema, now, relianceOn(path)) : 'is gone').toEqual([]);
  });

  it('are all released, so that none goes unwatched', () => {
    expect(released.sort()).toEqual([...current.keys()].sort());
  });
});

describe('the check of compatibility', () => {
  const before: Schema = {
    type: 'object',
    properties: {
      code: { type: 'string', maxLength: 64 },
      kind: { type: 'string', enum: ['a', 'b'] },
      mode: { type: 'string', const: 'x' },
      list: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } },
      nullable: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    },
    required: ['code'],
  };
  const changed = (change: (schema: Required<Pick<Schema, 'properties' | 'required'>> & Schema) => void): Schema => {
    const copy = structuredClone(before) as Parameters<typeof change>[0];
    change(copy);
    return copy;
  };
  const item = (schema: Schema): Schema => schema.properties!['list']!.items!;

  const canaries: [what: string, after: Schema, expected: string][] = [
    ['a removed field', changed(({ properties }) => delete properties['kind']), '/kind: is gone'],
    ['a removed field of a list', changed((schema) => delete item(schema).properties!['id']), '/list/*/id: is gone'],
    ['a narrowed enum', changed(({ properties }) => (properties['kind']!.enum = ['a'])), '/kind: fewer values'],
    ['an enum where there was none', changed(({ properties }) => (properties['code']!.enum = ['a'])), '/code: fewer values'],
    ['another constant', changed(({ properties }) => (properties['mode']!.const = 'y')), '/mode: fewer values'],
    ['another type', changed(({ properties }) => (properties['code']!.type = 'integer')), '/code: another type'],
    ['a shorter text', changed(({ properties }) => (properties['code']!['maxLength'] = 32)), '/code: maxLength is tighter'],
    ['a least length', changed(({ properties }) => (properties['code']!['minLength'] = 2)), '/code: minLength is tighter'],
    ['a pattern', changed(({ properties }) => (properties['code']!['pattern'] = '^a')), '/code: pattern is tighter'],
    ['a field that became required', changed(({ required }) => required.push('kind')), '/kind: is required now'],
    ['closed objects', changed((schema) => (schema.additionalProperties = false)), ': unknown members are refused now'],
    [
      'null taken away',
      changed(({ properties }) => (properties['nullable'] = { type: 'string' })),
      '/nullable: a form that was valid is gone',
    ],
    [
      'a new required field',
      changed(({ properties, required }) => {
        properties['extra'] = { type: 'string' };
        required.push('extra');
      }),
      '/extra: is required now',
    ],
  ];
  it.each(canaries)('refuses %s', (_what, after, expected) => {
    expect(breakingChanges(before, after, 'written')).toEqual([expected]);
  });

  it('lets optional fields, further values and wider limits through', () => {
    const after = changed(({ properties }) => {
      properties['extra'] = { type: 'string' };
      properties['kind']!.enum = ['a', 'b', 'c'];
      properties['code']!['maxLength'] = 128;
    });

    expect(breakingChanges(before, after, 'written-and-read')).toEqual([]);
  });

  it('refuses, where others read, a field that may be absent now, and a further type', () => {
    const absent = changed((schema) => (schema.required = []));
    const wider = changed(({ properties }) => (properties['code'] = { anyOf: [{ type: 'string' }, { type: 'null' }] }));

    expect(breakingChanges(before, absent, 'written-and-read')).toEqual(['/code: may be absent now']);
    expect(breakingChanges(before, wider, 'written-and-read')).toEqual(['/code: another type']);
    expect([breakingChanges(before, absent, 'written'), breakingChanges(before, wider, 'written')]).toEqual([[], []]);
  });
});

describe('a reader of the released version', () => {
  const messages = [
    ['line-target', 'billing.line-targets.v1', lineTarget],
    ['quantity-change', 'psa.quantity-changes.v1', quantityChange],
    ['outcome', 'psa.outcomes.v1', outcome],
  ] as const;
  it.each(messages)('reads a %s of a newer sender and ignores what it does not know', (sample, topic, schema) => {
    const ajv = new Ajv2020({ strict: false });
    (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
    const known = read(join(samples, `${sample}.json`));
    const newer = withUnknownMembers(known);
    const isValid = ajv.compile(read(join(folder, `messages/${topic}.json`)) as object);

    expect([isValid(newer), isValid({ ...(newer as object), tenantId: 7 })]).toEqual([true, false]);
    expect(schema.parse(newer)).toEqual(known);
  });
});

/** The same message with a further member in every object. */
function withUnknownMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknownMembers);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withUnknownMembers(member)] as const);
  return { ...Object.fromEntries(members), addedLater: { by: ['a', 'newer', 'version'] } };
}
