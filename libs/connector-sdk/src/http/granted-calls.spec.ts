import { describe, expect, it } from 'vitest';
import { GrantedCalls } from './granted-calls.js';

const minute = { calls: 6, perMs: 60_000 };

describe('the calls that a process was granted', () => {
  it("are counted by the seconds of Redis' time", () => {
    const granted = new GrantedCalls([minute]);
    for (const at of [100_000, 100_999, 101_000]) granted.add('con', at);

    expect(granted.textOf('con', minute)).toBe('100=2,101=1');
    expect(granted.textOf('other', minute)).toBe('');
  });

  it('are counted while Redis is away too, once it was heard of', () => {
    let nowMs = 5_000;
    const granted = new GrantedCalls([minute], () => nowMs);
    granted.add('con');
    granted.setTime(100_000);
    nowMs = 8_500;
    granted.add('con');

    expect(granted.textOf('con', minute)).toBe('103=1');
  });

  it('are forgotten when no window holds them any more', () => {
    const granted = new GrantedCalls([minute]);
    granted.add('con', 100_000);
    granted.add('con', 160_000);
    expect(granted.textOf('con', minute)).toBe('100=1,160=1');

    granted.add('con', 161_000);

    expect(granted.textOf('con', minute)).toBe('160=1,161=1');
  });
});
