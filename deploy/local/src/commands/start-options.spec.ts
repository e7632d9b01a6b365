import { describe, expect, it } from 'vitest';
import { parseStartOptions } from './start-options.js';

describe('start options', () => {
  it('start everything once, with the demo and the real clock, when nothing is said', () => {
    const options = parseStartOptions([]);

    expect(options).toMatchObject({ isDemoWanted: true, hasTestClock: false, brokers: 1 });
    expect(options.only).toEqual(['psa-sandbox', 'api', 'ingest', 'billing-projector', 'change-control', 'connector-autotask']);
    expect(options.replicasOf('ingest')).toBe(1);
  });

  it('take replicas as a list or repeated', () => {
    const options = parseStartOptions(['--replicas', 'ingest=2,api=3', '--replicas', 'connector-autotask=4']);

    expect([options.replicasOf('ingest'), options.replicasOf('api'), options.replicasOf('connector-autotask')]).toEqual([
      2, 3, 4,
    ]);
  });

  it('take three brokers', () => {
    expect(parseStartOptions(['--brokers', '3']).brokers).toBe(3);
  });

  it('keep the starting order of a subset, whatever order it is named in', () => {
    expect(parseStartOptions(['--only', 'ingest, api']).only).toEqual(['api', 'ingest']);
  });

  it.each([
    [['--only', 'billing'], /no service "billing".*billing-projector/],
    [['--replicas', 'ingest'], /<service>=<1 to 99>/],
    [['--replicas', 'ingest=0'], /<service>=<1 to 99>/],
    [['--replicas', 'psa-sandbox=2'], /no replicas/],
    [['--brokers', '2'], /1 or 3/],
    [['--demo'], /--no-demo/],
    [['extra'], /Known:/],
  ])('refuse %j with the remedy', (args, sentence) => {
    expect(() => parseStartOptions(args)).toThrow(sentence);
  });
});
