import { sampleEvent } from '../sample-events.behaviour.js';

/** A fault, the event as JSON text, and where the answer must point. */
export type BadEvent = [what: string, text: string, pointer: string];

const data = {
  userCode: 'u-1',
  serviceCode: 'mail',
  serviceName: 'Mail',
  planCode: 'p',
  planName: 'P',
  sku: 's',
  instance: 'i',
  term: 't',
};
const full = {
  actorid: 'a',
  actorname: 'A',
  actorkind: 'person',
  onbehalfof: 'b',
  ticket: 't',
  correlationid: 'c',
  sourceseq: '1',
};
const attributes = [
  'id',
  'source',
  'subject',
  'actorid',
  'actorname',
  'onbehalfof',
  'ticket',
  'correlationid',
  'traceparent',
  'dataschema',
];
const wholeAttributes = [...attributes, 'specversion', 'type', 'time', 'actorkind', 'sourceseq', 'datacontenttype'];

const unprintable: [string, string][] = [
  ['CR and LF', '\r\n'],
  ['NUL', '\u0000'],
  ['a lone high surrogate', '\ud800'],
  ['a lone low surrogate', '\udfff'],
  ['a control character', '\u0007'],
  ['DEL', '\u007f'],
  ['a C1 control', '\u0085'],
  ['a line separator', '\u2028'],
];
const wrongKinds: [string, unknown][] = [
  ['a number', 7],
  ['a list', ['x']],
  ['an object', { x: 1 }],
  ['a boolean', true],
  ['null', null],
  ['an empty text', ''],
];
const dates = [
  '2026-03-01',
  '2026-03-01T09:00',
  '2026-03-01T09:00Z',
  '2026-03-01T09:00:00',
  '2026-03-01 09:00:00Z',
  '2026-03-01t09:00:00 z',
  '2026-03-01T09:00:00.Z',
  '2026-03-01T09:00:00.1234567890Z',
  '2026-03-01T09:00:00,5Z',
  '2026-03-01T24:00:00Z',
  '2026-03-01T23:60:00Z',
  '2026-03-01T23:59:60Z',
  '2026-03-01T09:00:00+24:00',
  '2026-03-01T09:00:00+0100',
  '2026-03-01T09:00:00+01',
  '2026-03-01T09:00:00+01:60',
  '2026-03-01T09:00:00\u221201:00',
  '2026-03-01T09:00:00 Europe/Berlin',
  '2026-03-01T09:00:00[UTC]',
  '2026-02-29T09:00:00Z',
  '2026-00-01T09:00:00Z',
  '2026-13-01T09:00:00Z',
  '2026-01-00T09:00:00Z',
  '2026-04-31T09:00:00Z',
  '26-03-01T09:00:00Z',
  '+002026-03-01T09:00:00Z',
  '-2026-03-01T09:00:00Z',
  '12026-03-01T09:00:00Z',
  '20260301T090000Z',
  '2026-W09-7T09:00:00Z',
  '2026-060T09:00:00Z',
  '01.03.2026 09:00',
  '03/01/2026',
  'Sun, 01 Mar 2026 09:00:00 GMT',
  'Mar 1, 2026',
  '1772355600',
  '1772355600000',
  'now',
  'tomorrow',
  ' 2026-03-01T09:00:00Z',
  '2026-03-01T09:00:00Z\n',
  '２０２６-03-01T09:00:00Z',
  '9999-12-31T23:59:59Z',
  'Infinity',
];
const dangerous = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', '', 'Ünknown', 'a'.repeat(200)];

const withAttribute = (name: string, value: unknown): string => JSON.stringify(sampleEvent({ ...full, data, [name]: value }));
const withData = (name: string, value: unknown): string =>
  JSON.stringify(sampleEvent({ ...full, data: { ...data, [name]: value } }));
const raw = (member: string): string => JSON.stringify(sampleEvent({ data })).replace(/\}$/, `,${member}}`);
const rawData = (member: string): string => JSON.stringify(sampleEvent({ data })).replace(/\}\}$/, `,${member}}}`);
const pointerOf = (name: string): string => `/${name}`;

/** Hundreds of events that nobody can accept. */
export const badEvents: BadEvent[] = [
  ...attributes.flatMap((name) =>
    unprintable.map(([what, text]): BadEvent => [`${what} in ${name}`, withAttribute(name, `a${text}b`), pointerOf(name)]),
  ),
  ...Object.keys(data).flatMap((name) =>
    unprintable.map(([what, text]): BadEvent => [`${what} in data.${name}`, withData(name, `a${text}b`), `/data/${name}`]),
  ),
  ...wholeAttributes.flatMap((name) =>
    wrongKinds.map(([what, value]): BadEvent => [`${what} for ${name}`, withAttribute(name, value), pointerOf(name)]),
  ),
  ...Object.keys(data)
    .filter((name) => name !== 'instance')
    .flatMap((name) =>
      wrongKinds.map(([what, value]): BadEvent => [`${what} for data.${name}`, withData(name, value), `/data/${name}`]),
    ),
  ...dates.map((time): BadEvent => [`the time ${JSON.stringify(time)}`, withAttribute('time', time), '/time']),
  ...dangerous.map((name): BadEvent => [
    `the member ${JSON.stringify(name)} in data`,
    rawData(`${JSON.stringify(name)}:{"x":1}`),
    `/data/${name}`,
  ]),
  ...dangerous.map((name): BadEvent => [
    `the attribute ${JSON.stringify(name)}`,
    raw(`${JSON.stringify(name)}:{"x":1}`),
    `/${name}`,
  ]),
  ['an attribute given twice', raw('"subject":"CUST-1"'), '/subject'],
  ['an attribute given twice, once with an escape', raw('"sub\\u006aect":"CUST-2"'), '/subject'],
  ['a member of data given twice', rawData('"userCode":"u-2"'), '/data/userCode'],
  ['data given twice', raw('"data":{}'), '/data'],
  ['a number given twice', raw('"ext":1,"ext":1'), '/ext'],
  ['nesting of 40 levels', raw(`"ext":${'['.repeat(40)}${']'.repeat(40)}`), `/ext${'/0'.repeat(31)}`],
  ['data as a list', withAttribute('data', []), '/data'],
  ['data as text', withAttribute('data', 'x'), '/data'],
  ['a code of 65 characters', withAttribute('subject', 'x'.repeat(65)), '/subject'],
  ['a name of 257 characters', withData('serviceName', 'x'.repeat(257)), '/data/serviceName'],
  ['a version of yesterday', withAttribute('specversion', '0.3'), '/specversion'],
  ['a sequence with a sign', withAttribute('sourceseq', '-1'), '/sourceseq'],
  ['an exponent for a sequence', withAttribute('sourceseq', '1e3'), '/sourceseq'],
  ['data in base64', raw('"data_base64":"e30="'), '/data_base64'],
];
