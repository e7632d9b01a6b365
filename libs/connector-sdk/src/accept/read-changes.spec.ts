import { describe, expect, it } from 'vitest';
import { readChanges } from './read-changes.js';

const record = (key: string | null, value: string | null) => ({
  offset: 1n,
  key,
  value: value === null ? null : Buffer.from(value),
  headers: {},
  timestamp: new Date(0),
});

describe('records read as changes', () => {
  it('are set aside with their reason when they are none', () => {
    const records = [record(null, '{}'), record('a/b/c', '{}'), record('con/al', 'no json'), record('con/al', '{"version":0}')];
    const { changes, quarantined } = readChanges(records, false);
    expect([changes, quarantined.length]).toEqual([[], 4]);
    expect(quarantined[0]?.problem).toBe('The record key is not connectionId/agreementLineKey');
    expect(quarantined[3]?.problem).toContain('/version');
  });

  it('take a tombstone for a line that is gone, but not among previews', () => {
    expect(readChanges([record('con/al', null)], false).changes).toEqual([{ connectionId: 'con', key: 'al', isPreview: false }]);
    expect(readChanges([record('con/al', null)], true).quarantined).toHaveLength(1);
  });

  it('keep a value that Postgres could not store', () => {
    expect(readChanges([record('con/al', '\u0000')], false).quarantined[0]?.value).toBe('\uFFFD');
  });
});
