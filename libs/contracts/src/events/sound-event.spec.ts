import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from './event-data.js';
import { parseEvent, parseInFull } from './parse-event.js';
import { soundEvent } from './sound-event.js';

const folder = join(import.meta.dirname, '../../samples/events');
const samples = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>,
);
const NOW = new Date('2026-08-01T00:00:00Z');

const texts = [
  '',
  'x',
  ' ',
  'é',
  '😀'.repeat(64),
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(257),
  'a\u0000',
  '\ud800',
  '007.50',
  '1',
  '-1',
];
const times = [
  '2026-07-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2027-01-01T00:00:00+01:00',
  '2026-07-01',
  `2026-07-01T00:00:00.${'1'.repeat(30)}Z`,
];
const anyValue = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...texts) },
  fc.constantFrom<unknown>(...times, 'person', 'provider', 'application', 'application/json', '1.0', ...EVENT_TYPES),
  fc.string({ unit: 'binary' }),
  fc.jsonValue({ maxDepth: 2 }),
);
const names = [...new Set(samples.flatMap((sample) => Object.keys(sample)))];
const anyName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...names, 'sourceseq', 'tracestate') },
  fc.constantFrom('myext', 'MyExt', '__proto__', 'constructor'),
  fc.string({ maxLength: 5 }),
);
const dataName = fc.constantFrom(
  ...new Set(samples.flatMap(({ data }) => Object.keys(data as object))),
  '__proto__',
  'constructor',
);
const isRarely = fc.integer({ max: 5, min: 1 }).map((roll) => roll === 1);
const change = fc.record({ isInData: fc.boolean(), name: anyName, dataName, value: anyValue, isRemoval: isRarely });

/** A sound event with a few members changed, added or taken away; as JSON gives it. */
const changedEvent = fc
  .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 2 }))
  .map(([sample, changes]) => {
    const event = structuredClone(sample);
    for (const { isInData, name, dataName: inData, value, isRemoval } of changes) {
      const isDataObject = typeof event['data'] === 'object' && event['data'] !== null;
      const [target, member] = isInData && isDataObject ? [event['data'] as Record<string, unknown>, inData] : [event, name];
      if (isRemoval) delete target[member];
      else Object.defineProperty(target, member, { value, enumerable: true, configurable: true, writable: true });
    }
    return event;
  });

describe('the short way to a sound event', () => {
  it('is taken by every sample but the one whose quantity is read into another form', () => {
    const left = samples
      .filter((sample) => soundEvent(sample) === null)
      .map(({ data }) => (data as { quantity?: string }).quantity);

    expect([samples.length, left]).toEqual([EVENT_TYPES.length, ['2.50']]);
  });

  it('answers what the schemas answer, for whatever comes', () => {
    fc.assert(
      fc.property(changedEvent, fc.constantFrom(NOW, undefined), (event, now) => {
        expect(parseEvent(event, now)).toEqual(parseInFull(event, now));
      }),
      { numRuns: 3_000 },
    );
  });

  it('leaves to the schemas what they read into another form', () => {
    const data = { serviceCode: 'B', quantity: '007.50' };
    const event = { ...samples[0], type: 'trueup.customer.service.quantity-changed.v1', data };

    expect([soundEvent(event), parseEvent(event)]).toEqual([
      null,
      { event: expect.objectContaining({ data: { ...data, quantity: '7.5' } }) as object },
    ]);
  });
});
