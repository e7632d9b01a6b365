import { LINE_TARGETS, quantityChangesTopic } from '@trueup/contracts';
import type { SeenChange, SeenTarget } from '../check/history.js';
import { readTopics, type TopicRecord } from './read-topics.js';

const CHANGES = quantityChangesTopic('autotask');

/** Targets and quantity changes that name one of the tenants anywhere, or whose key does. */
export async function seeTopics(
  brokers: string,
  tenants: readonly { tenantId: string; connectionId: string }[],
): Promise<{ targets: SeenTarget[]; changes: SeenChange[] }> {
  const names = tenants.flatMap(({ tenantId, connectionId }) => [tenantId, connectionId]);
  const concerns = ({ key, value }: TopicRecord): boolean =>
    names.some((name) => key.includes(name) || value?.includes(name) === true);
  const records = (await readTopics(brokers, [LINE_TARGETS, CHANGES])).filter(concerns);
  const of = (topic: string): TopicRecord[] => records.filter((record) => record.topic === topic && record.value !== null);
  return { targets: of(LINE_TARGETS).map(toTarget), changes: of(CHANGES).map(toChange) };
}

function toTarget({ key, value }: TopicRecord): SeenTarget {
  const { tenantId, lineKey, targetVersion, causes } = JSON.parse(value!) as {
    tenantId: string;
    lineKey: string;
    targetVersion: number;
    causes: { actor?: { id?: string } }[];
  };
  return { key, tenantId, lineKey, version: targetVersion, marks: causes.flatMap(({ actor }) => actor?.id ?? []) };
}

function toChange({ key, value }: TopicRecord): SeenChange {
  const { tenantId, connectionId, agreementLineKey, account, version, steps } = JSON.parse(value!) as {
    account: { billingIdentifier: string };
  } & Omit<SeenChange, 'account' | 'key'>;
  return { key, tenantId, connectionId, agreementLineKey, account: account.billingIdentifier, version, steps };
}
