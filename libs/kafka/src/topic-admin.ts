import type { TopicDefinition } from '@trueup/contracts';
import kafkajs, { type AclEntry, type Admin } from 'kafkajs';
import { ensureTopics } from './ensure-topics.js';
import { kafkajsLogCreator } from './kafkajs-logging.js';
import { type LinkLogger, silentLogger } from './link-logger.js';

/** What a process may do with a topic (by name) or consumer group. */
export interface TopicGrant {
  resource: 'topic' | 'group';
  name: string;
  operation: 'read' | 'write' | 'describe';
}

export interface TopicAdminOptions {
  brokers: readonly string[];
  clientId: string;
  logger?: LinkLogger;
}

const RESOURCES = { topic: kafkajs.AclResourceTypes.TOPIC, group: kafkajs.AclResourceTypes.GROUP };
const OPERATIONS = {
  read: kafkajs.AclOperationTypes.READ,
  write: kafkajs.AclOperationTypes.WRITE,
  describe: kafkajs.AclOperationTypes.DESCRIBE,
};

/** Looks at and prepares a broker for an operator; the services themselves use KafkaLink. Stop it when done. */
export class TopicAdmin {
  private constructor(private readonly admin: Admin) {}

  /** Throws when no broker answers. */
  static async connect({ brokers, clientId, logger = silentLogger }: TopicAdminOptions): Promise<TopicAdmin> {
    const options = { brokers: [...brokers], clientId, connectionTimeout: 3_000, requestTimeout: 10_000, retry: { retries: 2 } };
    const admin = new kafkajs.Kafka({ ...options, logCreator: kafkajsLogCreator(logger) }).admin();
    await admin.connect();
    return new TopicAdmin(admin);
  }

  /** Partition counts of those topics that there are. */
  async partitionCounts(names: readonly string[]): Promise<Map<string, number>> {
    const present = new Set(await this.admin.listTopics());
    const asked = names.filter((name) => present.has(name));
    if (asked.length === 0) return new Map();
    const { topics } = await this.admin.fetchTopicMetadata({ topics: asked });
    return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  }

  /** Creates what is missing; throws TopicMismatch when an existing topic has another partition count. */
  ensureTopics(definitions: readonly TopicDefinition[]): Promise<void> {
    return ensureTopics(this.admin, definitions);
  }

  /** Those of the grants that the principal lacks; null when the broker has no authorizer, so that everybody may do everything. */
  async missingGrants(principal: string, grants: readonly TopicGrant[]): Promise<TopicGrant[] | null> {
    const missing: TopicGrant[] = [];
    for (const grant of grants) {
      const isPresent = await this.#hasRule(ruleOf(principal, grant));
      if (isPresent === null) return null;
      if (!isPresent) missing.push(grant);
    }
    return missing;
  }

  async grant(principal: string, grants: readonly TopicGrant[]): Promise<void> {
    if (grants.length > 0) await this.admin.createAcls({ acl: grants.map((grant) => ruleOf(principal, grant)) });
  }

  async stop(): Promise<void> {
    await this.admin.disconnect();
  }

  async #hasRule(rule: AclEntry): Promise<boolean | null> {
    try {
      const { resources } = await this.admin.describeAcls(rule);
      return resources.some(({ acls }) => acls.length > 0);
    } catch (error) {
      if ((error as { type?: unknown }).type === 'SECURITY_DISABLED') return null;
      throw error;
    }
  }
}

function ruleOf(principal: string, { resource, name, operation }: TopicGrant): AclEntry {
  return {
    resourceType: RESOURCES[resource],
    resourceName: name,
    resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
    principal,
    host: '*',
    operation: OPERATIONS[operation],
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
  };
}
