import { murmur2 } from './murmur2.js';

/** One topic as the definition file creates it. Partition counts are fixed for ever: more partitions would move keys. */
export interface TopicDefinition {
  name: string;
  partitions: number;
  cleanup: 'delete' | 'compact';
  /** Milliseconds; only with cleanup "delete". */
  retentionMs?: number;
}

const DAY_MS = 86_400_000;
const PARTITIONS = 12;

export const PROVISIONING_EVENTS = 'provisioning.events.v1';
export const LINE_TARGETS = 'billing.line-targets.v1';
export const OUTCOMES = 'psa.outcomes.v1';

/** Kinds of PSA that this repository brings a connector for; a partner's kind registers its own topics. */
export const PSA_KINDS = ['autotask'] as const;

export const quantityChangesTopic = (kind: string): string => `psa.${kind}.quantity-changes.v1`;
export const previewRequestsTopic = (kind: string): string => `psa.${kind}.preview-requests.v1`;

/** The two topics of one kind of PSA. */
export function topicsOfKind(kind: string): TopicDefinition[] {
  return [
    { name: quantityChangesTopic(kind), partitions: PARTITIONS, cleanup: 'compact' },
    { name: previewRequestsTopic(kind), partitions: PARTITIONS, cleanup: 'delete', retentionMs: 7 * DAY_MS },
  ];
}

/** Every topic of the product. */
export const TOPICS: readonly TopicDefinition[] = [
  { name: PROVISIONING_EVENTS, partitions: PARTITIONS, cleanup: 'delete', retentionMs: 30 * DAY_MS },
  { name: LINE_TARGETS, partitions: PARTITIONS, cleanup: 'compact' },
  { name: OUTCOMES, partitions: PARTITIONS, cleanup: 'delete', retentionMs: 30 * DAY_MS },
  ...PSA_KINDS.flatMap(topicsOfKind),
];

/** The partition of a record: murmur2 of the prefix that one consumer at a time must own. Every topic of ours has the same count. */
export function partitionOf(_topic: string, prefix: string): number {
  return murmur2(prefix) % PARTITIONS;
}
