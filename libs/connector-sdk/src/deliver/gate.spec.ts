import { connectionSettings, type InternalConnection } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import type { ClaimedLine } from '../ledger/ledger.js';
import { barredBy } from './gate.js';

const now = new Date('2026-07-13T09:30:00Z');
const line = { connectionId: 'con_1', isPreview: false, change: { epoch: 3 } } as ClaimedLine;
const connection = {
  id: 'con_1',
  mode: 'auto',
  epoch: 3,
  state: 'ready',
  settings: connectionSettings.parse({}),
} as InternalConnection;
const settings = (found: Partial<InternalConnection> | undefined, isFresh = true) => ({
  isFresh: () => isFresh,
  find: () => (found === undefined ? undefined : { ...connection, ...found }),
  all: () => [],
});
const bar = (found: Partial<InternalConnection> | undefined, isFresh = true) =>
  barredBy(settings(found, isFresh) as unknown as Parameters<typeof barredBy>[0], line, now);

describe('the gate before every write', () => {
  it('opens for a fresh lease of the same epoch in auto', () => {
    expect(bar({})).toBeUndefined();
  });

  it('asks again within a second for a connection that was made after the settings were read', () => {
    expect(bar(undefined)).toMatchObject({ code: 'SETTINGS_STALE', waitsOn: 'settings', afterMs: 1_000 });
  });

  it.each([
    ['an older epoch', { epoch: 4 }, 'SETTINGS_STALE'],
    ['a suspended connection', { state: 'suspended' as const }, 'SECRETS_INVALID'],
    ['a mode that only observes', { mode: 'observe' as const }, 'SETTINGS_STALE'],
  ])('rests on %s, but looks again by itself: the wake-up may have passed at that very moment', (_, found, code) => {
    expect(bar(found)).toMatchObject({ code, waitsOn: 'settings', afterMs: 60_000 });
  });

  it('stays shut without a fresh lease', () => {
    expect(bar({}, false)).toMatchObject({ code: 'SETTINGS_STALE', waitsOn: 'retry' });
  });
});
