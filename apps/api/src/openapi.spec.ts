import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { SCOPES } from '@trueup/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeApi, printedOpenApi } from './describe-api.js';

interface Operation {
  summary?: string;
  security?: Record<string, string[]>[];
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}

let document: Awaited<ReturnType<typeof describeApi>>;
let operations: [string, Operation][];

beforeAll(async () => {
  document = await describeApi();
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation as Operation]),
  );
});

describe('the OpenAPI document', () => {
  it('is committed as it is generated (npm run openapi --workspace @trueup/api)', () => {
    const committed = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
    expect(committed).toBe(printedOpenApi(document));
  });

  it('is version 3.1', () => {
    expect(document.openapi).toBe('3.1.0');
  });

  it('names for every operation who may call it, by scopes that exist', () => {
    const scopes = operations.flatMap(([, { security }]) => security?.flatMap((one) => one['bearer'] ?? []) ?? []);
    const open = operations.filter(([, operation]) => !operation.security?.length).map(([name]) => name);
    expect(open).toEqual([]);
    expect(scopes.filter((scope) => !(SCOPES as readonly string[]).includes(scope))).toEqual([]);
  });

  it('has a sentence and the shape of the answer for every operation', () => {
    const bare = operations.filter(([, { summary, responses }]) => {
      const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      return (
        !summary ||
        answers.length === 0 ||
        answers.some(([status, answer]) => status !== '204' && !Object.values(answer.content ?? {})[0]?.schema)
      );
    });
    expect(bare.map(([name]) => name)).toEqual([]);
  });

  it('refers only to components that it holds', () => {
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]!));
    const held = Object.keys(document.components?.schemas ?? {});
    expect([...referred].filter((name) => !held.includes(name))).toEqual([]);
    expect(text).not.toMatch(/#\/\$defs/);
  });
});
