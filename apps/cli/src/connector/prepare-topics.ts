import { OUTCOMES, topicsOfKind } from '@trueup/contracts';
import { TopicAdmin, type TopicGrant } from '@trueup/kafka';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type RegistrationMode, type RegistrationStep, stateOf } from './registration-step.js';

export interface TopicsOfConnector {
  kind: string;
  brokers: readonly string[];
  /** Whom the broker sees when the connector connects, e.g. `User:connector-my-psa`. */
  principal: string;
}

/** The two topics of the kind with the settings that every kind has, and the connector's rights where the broker guards anything. */
export async function prepareTopics(wanted: TopicsOfConnector, mode: RegistrationMode): Promise<RegistrationStep[]> {
  const { kind, brokers, principal } = wanted;
  const admin = await TopicAdmin.connect({ brokers, clientId: 'trueup-cli' }).catch((error: Error) => {
    throw new Failure(EXIT.unavailable, `No broker answers at ${brokers.join(', ')}: ${error.message}`, {
      remedy: 'Check TRUEUP_KAFKA_BROKERS.',
    });
  });
  try {
    return [...(await topicSteps(admin, kind, mode)), await rightsStep(admin, { kind, principal }, mode)];
  } finally {
    await admin.stop();
  }
}

async function topicSteps(admin: TopicAdmin, kind: string, mode: RegistrationMode): Promise<RegistrationStep[]> {
  const definitions = topicsOfKind(kind);
  const counts = await admin.partitionCounts(definitions.map(({ name }) => name));
  const other = definitions.find(({ name, partitions }) => counts.has(name) && counts.get(name) !== partitions);
  if (other) {
    throw new Failure(EXIT.refused, `${other.name} has ${counts.get(other.name)} partitions and must have ${other.partitions}`, {
      remedy: 'Keys would move if the count changed: remove the topic if nothing uses it, then register again.',
    });
  }
  if (!mode.isDryRun) await admin.ensureTopics(definitions);
  return definitions.map(({ name, partitions, cleanup, retentionMs }) => ({
    what: `topic ${name}`,
    state: stateOf(counts.has(name), mode),
    detail: `${partitions} partitions, ${cleanup}${retentionMs ? ` after ${retentionMs / 86_400_000} d` : ''}`,
  }));
}

async function rightsStep(
  admin: TopicAdmin,
  { kind, principal }: { kind: string; principal: string },
  mode: RegistrationMode,
): Promise<RegistrationStep> {
  const grants = grantsOf(kind);
  const missing = await admin.missingGrants(principal, grants);
  const what = `access rules of ${principal}`;
  if (missing === null)
    return { what, state: 'not needed', detail: 'the broker has no authorizer: whoever reaches it may do everything' };
  if (!mode.isDryRun) await admin.grant(principal, missing);
  return { what, state: stateOf(missing.length === 0, mode), detail: `reads its topics in its group, writes ${OUTCOMES}` };
}

function grantsOf(kind: string): TopicGrant[] {
  const read = topicsOfKind(kind).flatMap(({ name }): TopicGrant[] => [
    { resource: 'topic', name, operation: 'read' },
    { resource: 'topic', name, operation: 'describe' },
  ]);
  return [
    ...read,
    { resource: 'group', name: `connector-${kind}`, operation: 'read' },
    { resource: 'topic', name: OUTCOMES, operation: 'write' },
    { resource: 'topic', name: OUTCOMES, operation: 'describe' },
  ];
}
