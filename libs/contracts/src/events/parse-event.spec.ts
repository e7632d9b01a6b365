import { describe, expect, it } from 'vitest';
import { eventFingerprint } from './event-fingerprint.js';
import { fromEventRecord } from './event-record.js';
import { parseEvent } from './parse-event.js';

const sound = {
  specversion: '1.0',
  id: 'e-1',
  source: 'urn:test',
  type: 'trueup.user.service.assigned.v1',
  time: '2026-07-13T09:30:00Z',
  subject: 'ACME',
  data: { userCode: 'jo', serviceCode: 'E3', serviceName: 'E3' },
};
const pointersOf = (input: unknown, now?: Date): string[] => {
  const parsed = parseEvent(input, now);
  return 'errors' in parsed ? parsed.errors.map((error) => error.pointer) : [];
};

describe('parseEvent', () => {
  it('names every fault with its pointer at once', () => {
    const faulty = { ...sound, id: '', time: 'yesterday', data: { serviceCode: 'E3', serviceName: 'E3', colour: 'red' } };
    expect(pointersOf(faulty).sort()).toEqual(['/data/colour', '/data/userCode', '/id', '/time']);
  });

  it.each([
    ['a list', []],
    ['null', null],
    ['text', 'x'],
  ])('refuses %s as an event', (_, input) => {
    expect(pointersOf(input)).toEqual(['']);
  });

  it.each([
    '2026-07-13',
    '2026-07-13T09:30:00',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-07-13T24:00:00Z',
    '2026-07-13T09:60:00Z',
    '2026-07-13T09:30:60Z',
    '2026-7-13T09:30:00Z',
    '13.07.2026',
    '1783935000',
    '2026-07-13T09:30Z',
    '2026-07-13T09:30:00+25:00',
    ' 2026-07-13T09:30:00Z',
    '2026-07-13T09:30:00.1234567890Z',
    'now',
    '',
  ])('refuses the time %j', (time) => {
    expect(pointersOf({ ...sound, time })).toContain('/time');
  });

  it.each(['2026-07-13T09:30:00Z', '2026-07-13T09:30:00.123456789+12:00', '2024-02-29T23:59:59-11:30'])(
    'accepts the time %j',
    (time) => {
      expect(pointersOf({ ...sound, time })).toEqual([]);
    },
  );

  it('refuses an event more than five minutes ahead and takes one exactly five minutes ahead', () => {
    const now = new Date('2026-07-13T09:25:00Z');
    expect(pointersOf(sound, now)).toEqual([]);
    expect(pointersOf({ ...sound, time: '2026-07-13T09:30:00.001Z' }, now)).toEqual(['/time']);
  });

  it('counts characters of codes, not code units, and refuses control characters', () => {
    expect(pointersOf({ ...sound, subject: '😀'.repeat(64) })).toEqual([]);
    expect(pointersOf({ ...sound, subject: '😀'.repeat(65) })).toEqual(['/subject']);
    expect(pointersOf({ ...sound, subject: 'a\u0000b' })).toEqual(['/subject']);
    expect(pointersOf({ ...sound, subject: '\ud800' })).toEqual(['/subject']);
  });

  it('refuses a type that only the object prototype knows', () => {
    expect(pointersOf({ ...sound, type: 'constructor' })).toEqual(['/type']);
  });

  it('accepts extension attributes of plain values and refuses others', () => {
    expect(pointersOf({ ...sound, myext: 'x' })).toEqual([]);
    expect(pointersOf({ ...sound, MyExt: 'x', ext: { deep: true } }).sort()).toEqual(['/MyExt', '/ext']);
  });

  it('reads quantities into canonical form', () => {
    const data = { serviceCode: 'B', quantity: '007.50' };
    const parsed = parseEvent({ ...sound, type: 'trueup.customer.service.quantity-changed.v1', data });
    expect('event' in parsed && parsed.event.data).toEqual({ serviceCode: 'B', quantity: '7.5' });
  });
});

describe('eventFingerprint', () => {
  it('ignores the trace and the order of members, and nothing else', () => {
    const fingerprintOf = (input: unknown): string => {
      const parsed = parseEvent(input);
      if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
      return eventFingerprint(parsed.event);
    };
    const { data, ...rest } = sound;
    expect(fingerprintOf({ data, ...rest, traceparent: '00-a-b-01' })).toBe(fingerprintOf(sound));
    expect(fingerprintOf({ ...sound, subject: 'OTHER' })).not.toBe(fingerprintOf(sound));
  });
});

describe('fromEventRecord', () => {
  it.each([
    ['a tombstone', null],
    ['a value that is no JSON', '{'],
  ])('reports %s instead of throwing', (_, value) => {
    expect(fromEventRecord({ value, headers: { ce_tenantid: 't', ce_recordedat: 'x' } })).toHaveProperty('errors');
  });
});
