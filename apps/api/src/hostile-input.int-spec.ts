import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acceptableCall } from '../test/acceptable-call.js';
import { operationsOf, readDocument } from '../test/document-operations.js';
import type { PlacedOperation } from '../test/document-operations.js';
import { knownIds } from '../test/known-ids.js';
import { listedRoutes } from '../test/listed-routes.js';
import type { KnownIds, ListedRoute } from '../test/listed-routes.js';
import { placesOf, withValueAt } from '../test/schema-places.js';
import { StartedApi } from '../test/started-api.js';
import type { Answer, Call } from '../test/started-api.js';

const document = readDocument('openapi.json');
const operations = new Map(operationsOf(document).map((operation) => [operation.name, operation]));
let api: StartedApi;
let known: KnownIds;
let routes: ListedRoute[];
let lines: string[] = [];

beforeAll(async () => {
  api = await StartedApi.start();
  known = await knownIds(api);
  routes = await listedRoutes(api);
  await api.restart({ log: (line) => void lines.push(line) });
});
beforeEach(() => void (lines = []));
afterAll(() => api.stop());

const injected = 'x\r\nX-Injected: 1\r\n\r\n{"level":"fatal","msg":"forged"}';
const unprintable = [injected, 'a\nb', 'a\u0000b', 'a\u001b[2Jb', 'a\u0085b', 'a\u2028b', '\ud800'];
/** Addresses are UTF-8, in which half a character cannot be written. */
const wellFormed = unprintable.filter((text) => text.isWellFormed());
const otherKinds = [['x'], [], { x: 1 }, {}, 7, -0.5, 1e308, true];
/** Their owner decides what stands in them, and they are never shown or logged. */
const opaque = /password|currentPassword|secrets/;

const operationOf = ({ method, path }: ListedRoute) => operations.get(`${method} ${path}`)!;
const withBody = () => routes.filter((route) => operationOf(route).requestBody?.content['application/json']);
const placesIn = (route: ListedRoute) => placesOf(document, operationOf(route));
const queriesOf = ({ parameters = [] }: PlacedOperation) =>
  parameters.filter((one) => one.in === 'query').map(({ name }) => name);

/** What the route answers to its own good call with changes; attempts to sign in are forgotten, so that no throttle answers instead. */
async function ask(route: ListedRoute, change: (call: Call & { path: string }) => Call & { path: string }): Promise<Answer> {
  if (/password|sessions|invitations/.test(route.path)) await api.db.query('delete from access.sign_in_attempt');
  const { path, ...call } = change(acceptableCall(route, known));
  return api.call(path, call);
}

async function answersTo<T>(
  wanted: readonly ListedRoute[],
  casesOf: (route: ListedRoute) => readonly T[],
  change: (call: Call & { path: string }, one: T) => Call & { path: string },
): Promise<{ name: string; one: T; answer: Answer }[]> {
  const answers: { name: string; one: T; answer: Answer }[] = [];
  for (const route of wanted)
    for (const one of casesOf(route))
      answers.push({ name: `${route.method} ${route.path}`, one, answer: await ask(route, (call) => change(call, one)) });
  return answers;
}

const outside = (answers: { name: string; one: unknown; answer: Answer }[], allowed: (status: number) => boolean) =>
  answers.filter(({ answer }) => !allowed(answer.status)).map(({ name, one, answer }) => [name, one, answer.status, answer.text]);
const isRefusal = (status: number) => status >= 400 && status < 500;
const at = (path: readonly string[]) => `/${path.join('/')}`;
const bodyWith = (call: Call & { path: string }, path: readonly string[], value: unknown) => ({
  ...call,
  body: withValueAt(call.body, path, value),
});

describe('a text that is no text', () => {
  it('is refused at every place of every body, as one line of the log, and is never a header', async () => {
    const cases = (route: ListedRoute) => placesIn(route).flatMap(({ path }) => unprintable.map((text) => ({ path, text })));
    const answers = await answersTo(withBody(), cases, (call, { path, text }) => bodyWith(call, path, text));
    const open = answers.filter(({ name, one }) => !opaque.test(name + at(one.path)));
    expect(answers.length).toBeGreaterThan(400);
    expect(outside(open, isRefusal)).toEqual([]);
    expect(outside(answers, (status) => status < 500)).toEqual([]);
    expect(answers.filter(({ answer }) => answer.headers.has('x-injected'))).toEqual([]);
    expectOneLineEach();
  });

  it('is refused in every query', async () => {
    const cases = (route: ListedRoute) =>
      queriesOf(operationOf(route)).flatMap((name) => wellFormed.map((text) => ({ name, text })));
    const answers = await answersTo(routes, cases, (call, { name, text }) => {
      const [path = '', query = ''] = call.path.split('?');
      const given = new URLSearchParams(query);
      given.set(name, text);
      return { ...call, path: `${path}?${given}` };
    });
    expect(answers.length).toBeGreaterThan(500);
    // A lone surrogate cannot stand in an address; what stands there instead is a printable character.
    expect(
      outside(
        answers.filter(({ one }) => one.text.isWellFormed()),
        isRefusal,
      ),
    ).toEqual([]);
    expect(outside(answers, (status) => status < 500)).toEqual([]);
    expectOneLineEach();
  });

  it('is refused in every path', async () => {
    const cases = ({ parameters }: ListedRoute) => parameters.flatMap((name) => wellFormed.map((text) => ({ name, text })));
    const answers: unknown[] = [];
    for (const route of routes)
      for (const { name, text } of cases(route)) {
        const { path, ...call } = acceptableCall(route, known, { [name]: text });
        const { status, headers } = await api.call(path, call);
        if (!isRefusal(status) || headers.has('x-injected')) answers.push([route.method, path, status]);
      }
    expect(answers).toEqual([]);
    expectOneLineEach();
  });
});

describe('another kind of value', () => {
  it('is refused at every place that takes one text', async () => {
    const places = (route: ListedRoute) =>
      placesIn(route).filter(({ schemas }) => schemas.every((schema) => schema['type'] === 'string'));
    const cases = (route: ListedRoute) => places(route).flatMap(({ path }) => otherKinds.map((value) => ({ path, value })));
    const answers = await answersTo(withBody(), cases, (call, { path, value }) => bodyWith(call, path, value));
    expect(answers.length).toBeGreaterThan(300);
    expect(outside(answers, (status) => status === 422)).toEqual([]);
  });

  it('never breaks anything at any other place', async () => {
    const values = [...otherKinds, 'x', '', '9'.repeat(400), null];
    const cases = (route: ListedRoute) => placesIn(route).flatMap(({ path }) => values.map((value) => ({ path, value })));
    const answers = await answersTo(withBody(), cases, (call, { path, value }) => bodyWith(call, path, value));
    expect(outside(answers, (status) => status < 500)).toEqual([]);
  });
});

describe('what is given twice', () => {
  it('is refused in every query', async () => {
    const answers = await answersTo(
      routes,
      (route) => queriesOf(operationOf(route)),
      (call, name) => ({
        ...call,
        path: `${call.path}${call.path.includes('?') ? '&' : '?'}${name}=1&${name}=1`,
      }),
    );
    expect(answers.length).toBeGreaterThan(80);
    expect(outside(answers, (status) => status === 400)).toEqual([]);
  });

  it('is refused in every body, also when one of the two is escaped', async () => {
    const doubled = (text: string) => [
      text.replace(/"(\w)(\w*)":/, '"$1$2":0,"$1$2":'),
      text.replace(/"(\w)(\w*)":/, twiceEscaped),
    ];
    const wanted = withBody().filter((route) => acceptableCall(route, known).body !== undefined);
    const answers = await answersTo(
      wanted,
      () => [0, 1],
      ({ body, ...call }, which) => ({
        ...call,
        raw: doubled(JSON.stringify(body))[which]!,
      }),
    );
    expect(answers.length).toBeGreaterThan(30);
    expect(outside(answers, (status) => status === 422)).toEqual([]);
    expect(answers.filter(({ answer }) => !answer.text.includes('Must be given once'))).toEqual([]);
  });
});

describe('what reaches for the language', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'is refused in every body: %s',
    async (name) => {
      const answers = await answersTo(
        withBody(),
        (route) => [[], ...containersOf(route)],
        ({ body, ...call }, path) => {
          const marked = JSON.stringify(withValueAt(body, [...path, 'MARK'], { prototype: { polluted: 1 }, polluted: 1 }));
          return { ...call, raw: marked.replace('"MARK"', JSON.stringify(name)) };
        },
      );
      expect(answers.length).toBeGreaterThan(20);
      expect(
        outside(
          answers.filter(({ one }) => !one.includes('settings')),
          isRefusal,
        ),
      ).toEqual([]);
      expect(outside(answers, (status) => status < 500)).toEqual([]);
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
    },
  );

  it.each(['__proto__', 'constructor', '__proto__[x]', 'constructor.prototype.x'])(
    'is refused in every query: %s',
    async (name) => {
      const answers = await answersTo(
        routes,
        () => [name],
        (call) => ({
          ...call,
          path: `${call.path}${call.path.includes('?') ? '&' : '?'}${encodeURIComponent(name)}=1`,
        }),
      );
      expect(outside(answers, (status) => status === 400)).toEqual([]);
    },
  );
});

describe('a body', () => {
  const raw = (change: (text: string) => string) => (call: Call & { path: string }) => ({
    ...call,
    raw: change(JSON.stringify(call.body ?? {})),
  });
  const deep = `${'['.repeat(40)}1${']'.repeat(40)}`;

  it.each([
    ['that is cut short', (text: string) => text.slice(0, -1)],
    ['that is two', (text: string) => text + text],
    ['with a byte order mark before it', (text: string) => `\uFEFF\uFEFF${text}`],
    ['with a comment', (text: string) => `/* */${text}`],
    ['of nested lists', () => deep],
    ['with nesting in an unknown member', () => `{"x":${deep}}`],
    ['of one number', () => '7'],
    ['of one text', () => '"x"'],
  ])('%s is refused by every route', async (_what, change) => {
    const answers = await answersTo(withBody(), () => [0], raw(change));
    expect(outside(answers, isRefusal)).toEqual([]);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd', 'GZIP', 'gzip, identity'])(
    'that is compressed (%s) is refused by every route',
    async (encoding) => {
      const bomb = gzipSync(Buffer.alloc(1024 * 1024, ' ')).toString('latin1');
      const answers = await answersTo(
        routes.filter(({ method }) => method !== 'GET'),
        () => [0],
        (call) => ({
          ...call,
          raw: bomb,
          headers: { 'content-type': 'application/json', ...call.headers, 'content-encoding': encoding },
        }),
      );
      expect(outside(answers, (status) => status === 415)).toEqual([]);
    },
  );

  it('that no route asks for is refused', async () => {
    const bare = routes.filter((route) => route.method !== 'GET' && !operationOf(route).requestBody);
    const answers = await answersTo(
      bare,
      () => [0],
      (call) => ({ ...call, body: { admin: true } }),
    );
    expect(answers.length).toBeGreaterThan(10);
    expect(outside(answers, (status) => status === 422)).toEqual([]);
  });

  it('with a member that nobody knows is refused by every route', async () => {
    const open = withBody().filter(({ path }) => !path.endsWith('/secrets'));
    const answers = await answersTo(
      open,
      (route) => [[], ...containersOf(route)],
      (call, path) => bodyWith(call, [...path, 'isAdmin'], true),
    );
    expect(
      outside(
        answers.filter(({ one }) => !one.includes('settings')),
        isRefusal,
      ),
    ).toEqual([]);
  });
});

/** Objects inside of a body, to which a member can be added. */
function containersOf(route: ListedRoute): string[][] {
  const paths = placesIn(route).flatMap(({ path }) => path.map((_, depth) => path.slice(0, depth)));
  return [...new Map(paths.filter((path) => path.length > 0).map((path) => [at(path), [...path]])).values()];
}

function twiceEscaped(_all: string, first: string, rest: string): string {
  return `"${first}${rest}":0,"\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}${rest}":`;
}

function expectOneLineEach(): void {
  const broken = lines.filter((line) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(line.replace(/\n$/, '')) || !('level' in JSON.parse(line)));
  expect(lines.length).toBeGreaterThan(100);
  expect(broken).toEqual([]);
  expect(lines.filter((line) => JSON.parse(line).msg === 'forged')).toEqual([]);
}
