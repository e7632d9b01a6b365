import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  EVENT_TYPES,
  eventFingerprint,
  fromEventRecord,
  lineTarget,
  outcome,
  parseEvent,
  quantityChange,
  toEventRecord,
} from './index.js';

const samples = join(import.meta.dirname, '../samples');
const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(samples, path), 'utf8')) as Record<string, unknown>;
const eventFiles = readdirSync(join(samples, 'events'));

describe('golden samples', () => {
  it('holds one sample of every event type', () => {
    expect(eventFiles.map((file) => `trueup.${file.replace(/\.json$/, '')}`).sort()).toEqual([...EVENT_TYPES].sort());
  });

  it.each(eventFiles)('parses %s and carries it through Kafka binary mode unchanged', (file) => {
    const parsed = parseEvent(read(`events/${file}`));
    if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
    const recorded = { tenantId: 'ten_1', recordedAt: '2026-07-13T09:30:01Z', event: parsed.event };
    const back = fromEventRecord(toEventRecord(recorded));
    expect(back).toEqual(recorded);
    expect(eventFingerprint((back as typeof recorded).event)).toBe(eventFingerprint(parsed.event));
  });

  it.each([
    ['line-target', lineTarget],
    ['quantity-change', quantityChange],
    ['outcome', outcome],
  ] as const)('parses the %s message', (name, schema) => {
    const sample = read(`messages/${name}.json`);
    expect(schema.parse(sample)).toEqual(sample);
  });
});
