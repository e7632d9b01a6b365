import asyncApiSpecs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOPICS } from '../topics.js';
import { asyncApiDocument } from './asyncapi-document.js';

const docs = join(import.meta.dirname, '../../../../docs');
const committed = JSON.parse(readFileSync(join(docs, 'asyncapi.json'), 'utf8')) as ReturnType<typeof asyncApiDocument>;
const validate = (document: unknown): string[] => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  const check = ajv.compile(asyncApiSpecs.schemasWithoutId['3.0.0'] as object);
  return check(document) ? [] : check.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe('the AsyncAPI document', () => {
  it('is committed as it is generated', () => {
    expect(committed).toEqual(JSON.parse(JSON.stringify(asyncApiDocument())));
  });

  it('is valid AsyncAPI 3.0, and the check refuses a broken one', () => {
    const broken = { ...committed, operations: { x: { action: 'shout', channel: { $ref: '#/channels/outcomes' } } } };

    expect([validate(committed), validate(broken).length > 0]).toEqual([[], true]);
  });

  it('names every topic of the product', () => {
    const addresses = Object.values(committed['channels'] as Record<string, { address: string }>).map(({ address }) => address);
    const topics = TOPICS.map(({ name }) => name.replace('.autotask.', '.{kind}.'));

    expect(addresses.sort()).toEqual(topics.sort());
  });

  it('refers only to what exists', () => {
    const references = [...JSON.stringify(committed).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
    const dangling = references.filter((reference) => resolve(reference) === undefined);

    expect([references.length > 20, dangling]).toEqual([true, []]);
  });
});

function resolve(reference: string): unknown {
  const [file = '', pointer = ''] = reference.split('#');
  const document = file === '' ? committed : (JSON.parse(readFileSync(join(docs, file), 'utf8')) as unknown);
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);
}
