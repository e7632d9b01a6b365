import type { SentLine } from '@trueup/billing';
import type { DecidedLine, LinesInState } from '@trueup/control';
import { sumQuantities } from '@trueup/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINE_STATES, lineAccountOf, suspectCustomers } from './line-account.js';

const NOW = new Date('2026-03-20T12:30:00Z');
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);

/** A line as each side has it: `null` where that side does not have it. */
interface Told {
  key: number;
  sent: { version: number; units: number; minutes: number } | null;
  decided: { version: number; units: number; state: (typeof LINE_STATES)[number] } | null;
}

const sentLine = ({ key, sent }: Told): SentLine[] =>
  sent === null ? [] : [{ ...placeOf(key), targetVersion: sent.version, units: `${sent.units}`, sentAt: ago(sent.minutes) }];
const decidedLine = ({ key, decided }: Told): DecidedLine[] =>
  decided === null
    ? []
    : [{ ...placeOf(key), targetVersion: decided.version, units: `${decided.units}`, state: decided.state, receivedAt: ago(60) }];
const placeOf = (key: number) => ({ tenantId: 'ten_1', customerCode: `C${key % 3}`, lineKey: `ln_${key}` });

/** What the two stores tell of lines. */
function accountOf(told: readonly Told[]) {
  const [sent, decided] = [told.flatMap(sentLine), told.flatMap(decidedLine)];
  const inShort = (lines: readonly (SentLine | DecidedLine)[]) =>
    [...Map.groupBy(lines, ({ customerCode }) => customerCode)].map(([customerCode, own]) => ({
      ...{ tenantId: 'ten_1', customerCode, lines: own.length },
      versions: `${own.reduce((sum, { targetVersion }) => sum + targetVersion, 0)}`,
      units: sumQuantities(own.map(({ units }) => units)),
    }));
  const states: LinesInState[] = [...Map.groupBy(decided, ({ state }) => state)].map(([state, own]) => ({
    ...{ tenantId: 'ten_1', state, lines: own.length, units: sumQuantities(own.map(({ units }) => units)) },
  }));
  const suspects = new Set(suspectCustomers(inShort(sent), inShort(decided)).map(({ customerCode }) => customerCode));
  const isSuspect = ({ customerCode }: { customerCode: string }) => suspects.has(customerCode);
  return lineAccountOf(inShort(sent), states, { sent: sent.filter(isSuspect), decided: decided.filter(isSuspect) }, NOW);
}

const side = { version: fc.integer({ min: 1, max: 3 }), units: fc.nat(5) };
const worlds = fc.uniqueArray(
  fc.record({
    key: fc.nat(8),
    sent: fc.option(fc.record({ ...side, minutes: fc.nat(30) })),
    decided: fc.option(fc.record({ ...side, state: fc.constantFrom(...LINE_STATES) })),
  }),
  { selector: ({ key }) => key },
);

describe('lineAccountOf', () => {
  it('has every line that was sent in exactly one place, in lines and in units', () => {
    fc.assert(
      fc.property(worlds, (told) => {
        const { desired, unknown, states, inFlight, unexplained } = accountOf(told);
        const places = [...Object.values(states), inFlight, unexplained];
        expect(places.reduce((sum, { lines }) => sum + lines, 0)).toBe(desired.lines + unknown.lines);
        expect(sumQuantities(places.map(({ units }) => units))).toBe(sumQuantities([desired.units, unknown.units]));
      }),
    );
  });

  it.each([
    ['is decided as it was sent', { version: 2, units: 4, state: 'delivered' }, 'delivered'],
    ['is not known to change-control', null, 'inFlight'],
    ['is decided for an older version', { version: 1, units: 4, state: 'delivered' }, 'inFlight'],
    ['has other units there', { version: 2, units: 3, state: 'held' }, 'inFlight'],
  ] as const)('places a line that %s', (_, decided, expected) => {
    const { states, ...rest } = accountOf([{ key: 1, sent: { version: 2, units: 4, minutes: 9 }, decided }]);
    const places = Object.entries({ ...states, inFlight: rest.inFlight, unexplained: rest.unexplained });
    expect(places.filter(([, { lines }]) => lines > 0)).toEqual([[expected, { lines: 1, units: '4' }]]);
  });

  it('finds what was sent ten minutes ago and is not decided unexplained, and what billing never sent at once', () => {
    const account = accountOf([
      { key: 1, sent: { version: 1, units: 4, minutes: 10 }, decided: null },
      { key: 2, sent: null, decided: { version: 1, units: 3, state: 'delivered' } },
    ]);
    expect(account).toMatchObject({
      unexplained: { lines: 1, units: '4' },
      unknown: { lines: 1, units: '3' },
      lines: { count: 2, since: ago(60) },
    });
  });
});
