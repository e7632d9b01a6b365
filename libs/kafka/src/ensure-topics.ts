import type { TopicDefinition } from '@trueup/contracts';
import type { Admin, ITopicConfig } from 'kafkajs';
import { TopicMismatch } from './kafka-link.js';

const LEADING_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** Creates the topics that are missing, then compares the partition counts of all. */
export async function ensureTopics(admin: Admin, definitions: readonly TopicDefinition[]): Promise<void> {
  const present = new Set(await admin.listTopics());
  const missing = definitions.filter(({ name }) => !present.has(name));
  // Another process may create the same topics at this moment; kafkajs answers false for those and goes on.
  if (missing.length > 0) await admin.createTopics({ waitForLeaders: true, topics: missing.map(toTopicConfig) });
  for (const { name } of missing) await untilLeading(admin, name);
  const { topics } = await admin.fetchTopicMetadata({ topics: definitions.map(({ name }) => name) });
  const counts = new Map(topics.map((topic) => [topic.name, topic.partitions.length]));
  const mismatches = definitions.filter(({ name, partitions }) => counts.get(name) !== partitions);
  if (mismatches.length > 0) throw new TopicMismatch(mismatches.map((definition) => sentence(definition, counts)).join('; '));
}

/** A leader is named before it takes records: the first send would reach some partitions, fail, and be repeated to all. */
async function untilLeading(admin: Admin, topic: string): Promise<void> {
  const deadline = performance.now() + LEADING_WITHIN_MS;
  for (;;) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}

function toTopicConfig({ name, partitions, cleanup, retentionMs }: TopicDefinition): ITopicConfig {
  const configEntries = [
    { name: 'cleanup.policy', value: cleanup },
    { name: 'message.timestamp.type', value: 'LogAppendTime' },
  ];
  if (retentionMs !== undefined) configEntries.push({ name: 'retention.ms', value: String(retentionMs) });
  return { topic: name, numPartitions: partitions, configEntries };
}

function sentence({ name, partitions }: TopicDefinition, counts: Map<string, number>): string {
  return `topic ${name} has ${counts.get(name)} partitions and must have ${partitions}: keys would move, so create it anew under another name or restore the count`;
}
