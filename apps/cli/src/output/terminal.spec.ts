import { describe, expect, it } from 'vitest';
import { Terminal } from './terminal.js';

const stream = (isTTY: boolean) => {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
};

describe('the terminal', () => {
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, {}, false],
  ])('with a screen: %s and the environment %j paints: %s', (isTTY, env, isPainted) => {
    expect(new Terminal(stream(isTTY), stream(isTTY), env).paint('x', 'red') !== 'x').toBe(isPainted);
  });

  it('draws progress only where somebody watches', () => {
    const [watched, piped, ci] = [stream(true), stream(false), stream(true)];
    new Terminal(stream(false), watched, {}).overwrite('10 %');
    new Terminal(stream(true), piped, {}).overwrite('10 %');
    new Terminal(stream(true), ci, { CI: 'true' }).overwrite('10 %');
    expect([watched.written, piped.written, ci.written]).toEqual([['\r10 %\u001B[K'], [], []]);
  });
});
