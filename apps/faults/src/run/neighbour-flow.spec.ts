import { describe, expect, it } from 'vitest';
import type { Load } from '../fault.js';
import { NeighbourFlow } from './neighbour-flow.js';

/** A sender of which only the starts and stops matter here. */
function loadThatTells(): { load: Load; told: string[] } {
  const told: string[] = [];
  const start = (): { stop(): Promise<void> } => {
    told.push('starts');
    return {
      stop: async () => {
        told.push('stops');
      },
    };
  };
  return { load: { start } as unknown as Load, told };
}

describe("the neighbour's flow", () => {
  it('is held back while something needs silence, and goes on afterwards even if that failed', async () => {
    const { load, told } = loadThatTells();
    const flow = new NeighbourFlow(load, 3);
    flow.start();
    await flow.paused(async () => void told.push('silence'));
    await expect(flow.paused(() => Promise.reject(new Error('still in flight')))).rejects.toThrow('still in flight');
    await flow.stop();
    expect(told).toEqual(['starts', 'stops', 'silence', 'starts', 'stops', 'starts', 'stops']);
  });

  it('does not begin by a pause', async () => {
    const { load, told } = loadThatTells();
    await new NeighbourFlow(load, 3).paused(() => Promise.resolve());
    expect(told).toEqual([]);
  });
});
