import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from '../home/write-private-file.js';
import { StartFailure } from '../start-failure.js';

const clusterSchema = z.object({ clusterId: z.string(), brokers: z.number() });

/** What all nodes of a home's Kafka must agree on, decided by its first start. */
export type KafkaCluster = z.output<typeof clusterSchema>;

/** Reads the home's cluster, or founds one of `brokers` nodes. Refuses another number than that of the first start. */
export function kafkaCluster(home: string, brokers: number): KafkaCluster {
  const folder = join(home, 'kafka');
  mkdirSync(folder, { recursive: true });
  const cluster = readCluster(folder) ?? { clusterId: newClusterId(), brokers };
  if (cluster.brokers !== brokers) throw new StartFailure(otherNumber(home, cluster.brokers, brokers));
  writePrivateFile(join(folder, 'cluster.json'), JSON.stringify(cluster));
  return cluster;
}

/** 16 random bytes as base64url; a leading "-" would be read as an option. */
export function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

function readCluster(folder: string): KafkaCluster | null {
  const path = join(folder, 'cluster.json');
  if (existsSync(path)) return clusterSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const formatted = join(folder, 'data/meta.properties'); // of a home from before there was a choice
  const clusterId = existsSync(formatted) ? /^cluster\.id=(.*)$/m.exec(readFileSync(formatted, 'utf8'))?.[1] : undefined;
  return clusterId === undefined ? null : { clusterId, brokers: 1 };
}

function otherNumber(home: string, kept: number, wanted: number): string {
  return `The topics of ${home} are kept by ${kept} broker(s), not ${wanted}: start with --brokers ${kept}, or in another TRUEUP_HOME.`;
}
