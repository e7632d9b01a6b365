import { describe, expect, it } from 'vitest';
import { findService } from './service-catalogue.js';
import { parsePortBase, RuntimePorts } from './runtime-ports.js';

describe('the ports of a runtime', () => {
  it('are the known ones from the base on', async () => {
    const ports = new RuntimePorts(
      5000,
      () => undefined,
      async () => true,
    );

    expect(await ports.service(findService('api'), 0)).toEqual({ admin: 5040, http: 5000 });
    expect(await ports.service(findService('ingest'), 0)).toEqual({ admin: 5041, http: 5001 });
    expect(await ports.control()).toBe(5003);
  });

  it('give every replica a port of its own', async () => {
    const ports = new RuntimePorts(
      5000,
      () => undefined,
      async () => true,
    );
    const chosen = [0, 1, 2].map((replica) => ports.service(findService('ingest'), replica));

    const all = (await Promise.all(chosen)).flatMap(({ admin, http }) => [admin, http]);

    expect(new Set(all).size).toBe(6);
  });

  it('give every broker two of its own, the first broker the known ones', async () => {
    const ports = new RuntimePorts(
      5000,
      () => undefined,
      async () => true,
    );

    const { kafka, postgres, redis } = await ports.infrastructure(3);

    expect(kafka[0]).toEqual({ broker: 5010, controller: 5011 });
    const all = [...kafka.flatMap(({ broker, controller }) => [broker, controller]), postgres, redis];
    expect(new Set(all).size).toBe(8);
  });

  it('are replaced by the next free one, which is said', async () => {
    const said: unknown[] = [];
    const ports = new RuntimePorts(
      5000,
      (taken) => said.push(taken),
      async (port) => port !== 5000,
    );

    const { http } = await ports.service(findService('api'), 0);

    expect(http).toBe(5001);
    expect(said).toEqual([{ wanted: 5000, given: 5001, purpose: 'api' }]);
  });

  it('are not said for replicas, whose port nobody expects', async () => {
    const said: unknown[] = [];
    const ports = new RuntimePorts(
      5000,
      (taken) => said.push(taken),
      async (port) => port !== 5020,
    );

    await ports.service(findService('api'), 1);

    expect(said).toEqual([]);
  });

  it.each(['abc', '80', '65001', '4600.5'])('refuse the base %j', (text) => {
    expect(() => parsePortBase(text)).toThrow(/1024 to 65000/);
  });

  it('begin at 4600 when no base is set', () => {
    expect([parsePortBase(undefined), parsePortBase('')]).toEqual([4600, 4600]);
  });
});
