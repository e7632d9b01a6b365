import { describe, expect, it } from 'vitest';
import type { InFlight } from '../services/admin-side.js';
import { fromLeftToRight, type WatchedProcess, whenSettled } from './settled.js';

/** Answers one entry of the script per glance, then the last one for ever. */
function scripted(service: string, script: (InFlight[] | null)[], glances: string[] = []): WatchedProcess {
  return {
    service,
    replica: 0,
    inFlight: async () => {
      glances.push(service);
      return (script.length > 1 ? script.shift() : script[0]) ?? null;
    },
  };
}

const lag: InFlight[] = [{ what: 'lag', count: 3 }];
const bound = { timeoutMs: 60, pauseMs: 1 };

describe('settled', () => {
  it('is reached after two clean passes in a row', async () => {
    const glances: string[] = [];

    expect(await whenSettled([scripted('ingest', [lag, [], lag, [], []], glances)], bound)).toEqual({ settled: true });
    expect(glances).toHaveLength(5);
  });

  it('is not reached while work comes back', async () => {
    const result = await whenSettled([scripted('ingest', [[]]), scripted('billing-projector', [lag])], bound);

    expect(result).toEqual({ settled: false, inFlight: [{ service: 'billing-projector', replica: 0, what: 'lag', count: 3 }] });
  });

  it('counts a process that does not answer as in flight', async () => {
    const result = await whenSettled([scripted('ingest', [null])], bound);

    expect(result).toMatchObject({ settled: false, inFlight: [{ what: 'the process does not answer' }] });
  });

  it('does not count what has a count of zero', async () => {
    expect(await whenSettled([scripted('ingest', [[{ what: 'lag', count: 0 }]])], bound)).toEqual({ settled: true });
  });

  it('says once what a process said in both glances of a pass', async () => {
    const control = scripted('change-control', [lag]);

    expect(await whenSettled([control, control], bound)).toMatchObject({ inFlight: [{ service: 'change-control' }] });
  });

  it('asks in the order in which work moves, change-control again at the end', () => {
    const services = ['connector-autotask', 'change-control', 'psa-sandbox', 'ingest', 'billing-projector', 'api'];

    const asked = fromLeftToRight(services.map((service) => ({ service }))).map(({ service }) => service);

    expect(asked).toEqual(['api', 'ingest', 'billing-projector', 'change-control', 'connector-autotask', 'change-control']);
  });
});
