import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kafkaCluster } from './kafka-cluster.js';

describe("a home's cluster of brokers", () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'trueup-spec-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('is the same at every start', () => {
    expect(kafkaCluster(home, 3)).toEqual(kafkaCluster(home, 3));
  });

  it('keeps its number of brokers', () => {
    kafkaCluster(home, 3);

    expect(() => kafkaCluster(home, 1)).toThrow(/kept by 3 broker.*--brokers 3/);
  });

  it('is the one that an older home was formatted with', () => {
    mkdirSync(join(home, 'kafka/data'), { recursive: true });
    writeFileSync(join(home, 'kafka/data/meta.properties'), '#\nversion=1\ncluster.id=abc-DEF_1\nnode.id=1\n');

    expect(kafkaCluster(home, 1)).toEqual({ clusterId: 'abc-DEF_1', brokers: 1 });
    expect(() => kafkaCluster(home, 3)).toThrow(/kept by 1 broker/);
  });
});
