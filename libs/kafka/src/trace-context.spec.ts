import { describe, expect, it } from 'vitest';
import { childTraceparent, traceHeadersOf } from './trace-context.js';

const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

describe('trace headers', () => {
  it('are taken from a record as they are', () => {
    expect(traceHeadersOf({ traceparent: parent, tracestate: 'a=1', other: 'x' })).toEqual({
      traceparent: parent,
      tracestate: 'a=1',
    });
  });

  it('are absent when they are not valid', () => {
    expect(traceHeadersOf({ traceparent: '00-0-0-00', tracestate: 'a=1' })).toEqual({});
  });

  it('keep trace and flags in a child, under a new step', () => {
    const child = childTraceparent(parent);

    expect(child).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$/);
    expect(child).not.toBe(parent);
  });

  it('begin a new trace where there was none', () => {
    expect(childTraceparent(undefined)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
});
