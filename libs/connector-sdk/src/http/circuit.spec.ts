import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Circuit } from './circuit.js';

let circuit: Circuit;
let runs: number;

beforeEach(() => {
  circuit = new Circuit({ restMs: 80 });
  runs = 0;
});
afterEach(() => circuit.stop());

const work = async (isWell: boolean): Promise<string> => {
  runs += 1;
  if (!isWell) throw new Error('down');
  return 'up';
};
const outcome = (isWell: boolean): Promise<string> => circuit.run(() => work(isWell)).catch((error: Error) => error.message);

describe('the breaker of a connection', () => {
  it('stays closed after one failure, and opens within ten', async () => {
    await outcome(false);
    expect(circuit.isClosed).toBe(true);
    for (let i = 0; i < 9; i++) await outcome(false);
    expect([circuit.isOpen, runs <= 10]).toEqual([true, true]);
  });

  it('opens after five failures in a row, however much went well before', async () => {
    for (let i = 0; i < 100; i++) await outcome(true);
    for (let i = 0; i < 5; i++) await outcome(false);
    expect(circuit.isOpen).toBe(true);
  });

  it('stays closed while less than half fails and something goes well in between', async () => {
    for (let i = 0; i < 40; i++) await outcome(i % 3 !== 0);
    expect([circuit.isClosed, runs]).toEqual([true, 40]);
  });

  it('runs nothing while it is open, and says how long', async () => {
    for (let i = 0; i < 5; i++) await outcome(false);
    runs = 0;
    await expect(circuit.run(() => work(true))).rejects.toMatchObject({ fault: 'breaker-open' });
    expect([runs, circuit.restLeftMs > 0]).toEqual([0, true]);
  });

  it('lets one probe through after its rest, and closes by it', async () => {
    for (let i = 0; i < 5; i++) await outcome(false);
    await wait(120);
    runs = 0;
    expect(circuit.isHalfOpen).toBe(true);
    const answers = await Promise.all(Array.from({ length: 5 }, () => outcome(true)));
    expect([runs, answers.filter((answer) => answer === 'up').length, circuit.isClosed]).toEqual([1, 1, true]);
  });

  it('tells work in progress that the settings changed', async () => {
    circuit.stop();
    await expect(circuit.run(() => work(true))).rejects.toMatchObject({ fault: 'withheld' });
  });
});
