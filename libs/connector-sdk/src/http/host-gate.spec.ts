import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { HostGate } from './host-gate.js';

const HOST = 'psa.example';
let nowMs: number;
let changes: string[];
let gate: HostGate;

beforeEach(() => {
  nowMs = 0;
  changes = [];
  gate = gateOf();
});

function gateOf(): HostGate {
  return new HostGate({ restMs: 1_000, nowMs: () => nowMs, onChange: (host, state) => changes.push(`${host} ${state}`) });
}

const fails = (...ids: string[]) => ids.forEach((id) => gate.report(HOST, id, { isWell: false, isBreakerOpen: true }));
const works = (...ids: string[]) => ids.forEach((id) => gate.report(HOST, id, { isWell: true, isBreakerOpen: false }));

describe('the breaker of a host', () => {
  it('opens when three connections and half of those that use it fail, and says so once', () => {
    works('a', 'b', 'c', 'd');
    fails('e', 'f', 'g');
    expect(gate.isOpen(HOST)).toBe(false);
    fails('a', 'b');
    expect([gate.isOpen(HOST), changes]).toEqual([true, [`${HOST} open`]]);
  });

  it.each([
    ['two connections of two', ['a', 'b'], []],
    ['three of seven', ['a', 'b', 'c'], ['d', 'e', 'f', 'g']],
  ])('stays closed while %s fail', (_what, failing, well) => {
    works(...well);
    fails(...failing);
    expect(gate.admits(HOST)).toBe(true);
  });

  it('belongs to its host alone', () => {
    fails('a', 'b', 'c');
    expect([gate.admits(HOST), gate.admits('other.example')]).toEqual([false, true]);
  });

  it('lets one probe through after its rest, and rests anew when that fails', () => {
    fails('a', 'b', 'c');
    nowMs = 1_000;
    expect([gate.admits(HOST), gate.admits(HOST), gate.admits(HOST)]).toEqual([true, false, false]);
    fails('b');
    expect([gate.admits(HOST), gate.restLeftMs(HOST)]).toEqual([false, 1_000]);
  });

  it('closes by a probe that succeeds, and forgets who failed before', () => {
    fails('a', 'b', 'c');
    nowMs = 1_000;
    gate.admits(HOST);
    works('c');
    fails('d', 'e');
    expect([gate.isOpen(HOST), changes]).toEqual([false, [`${HOST} open`, `${HOST} closed`]]);
  });

  it('waits for another probe when one was not sent', () => {
    fails('a', 'b', 'c');
    nowMs = 1_000;
    gate.admits(HOST);
    gate.withdraw(HOST);
    expect(gate.admits(HOST)).toBe(true);
  });

  it('forgets connections that were not heard of for ten minutes', () => {
    fails('a', 'b');
    nowMs = 600_001;
    fails('c');
    expect(gate.isOpen(HOST)).toBe(false);
  });

  it('never admits more than one call a rest while it is open, and never opens for fewer than three', () => {
    const step = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), isWell: fc.boolean(), passMs: fc.nat(700) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        nowMs = 0;
        gate = gateOf();
        const failing = new Set<string>();
        let probedAtMs = Number.NEGATIVE_INFINITY;
        for (const { id, isWell, passMs } of steps) {
          nowMs += passMs;
          const wasOpen = gate.isOpen(HOST);
          if (!gate.admits(HOST)) continue;
          if (wasOpen) {
            expect(nowMs - probedAtMs).toBeGreaterThanOrEqual(1_000);
            expect(gate.admits(HOST)).toBe(false);
            probedAtMs = nowMs;
          }
          gate.report(HOST, id, { isWell, isBreakerOpen: !isWell });
          if (isWell) failing.delete(id);
          else failing.add(id);
          if (!wasOpen && gate.isOpen(HOST)) expect(failing.size).toBeGreaterThanOrEqual(3);
        }
      }),
    );
  });
});
