import { EVENT_TYPES, type EventType } from '../events/event-data.js';
import {
  LINE_TARGETS,
  OUTCOMES,
  PROVISIONING_EVENTS,
  PSA_KINDS,
  previewRequestsTopic,
  quantityChangesTopic,
  TOPICS,
} from '../topics.js';
import { eventHeaders, traceHeaders } from './event-headers.js';

const SCHEMAS = '../libs/contracts/schemas';
const SCHEMA_FORMAT = 'application/schema+json;version=draft-2020-12';

/** A topic, or a family of topics with one per kind of PSA, as AsyncAPI describes it. */
export interface ChannelSource {
  address: string;
  description: string;
  key: string;
  messages: Record<string, unknown>;
}

/** Names of events without what they all begin with, as their schema files are named. */
const shortName = (type: EventType): string => type.replace(/^trueup\./, '');

/** Every channel by its name in the document. */
export const channelSources: Record<string, ChannelSource> = {
  provisioningEvents: {
    address: PROVISIONING_EVENTS,
    description: 'What upstream systems say happened: CloudEvents in Kafka binary mode',
    key: 'tenantId/customerCode',
    messages: Object.fromEntries(EVENT_TYPES.map((type) => [shortName(type), eventMessage(type)])),
  },
  lineTargets: {
    address: LINE_TARGETS,
    description: 'The schedule that a line must have; compacted, the last one of a line holds',
    key: 'tenantId/lineKey',
    messages: { lineTarget: message('Line target', 'messages/billing.line-targets.v1.json') },
  },
  quantityChanges: {
    address: quantityChangesTopic('{kind}'),
    description: 'Asks the connector of one kind of PSA to bring an agreement line to a schedule; compacted',
    key: 'connectionId/agreementLineKey',
    messages: { quantityChange: message('Quantity change', 'messages/psa.quantity-changes.v1.json') },
  },
  previewRequests: {
    address: previewRequestsTopic('{kind}'),
    description: 'Asks what a quantity change would do; deleted after seven days, never compacts away a change that waits',
    key: 'connectionId/agreementLineKey',
    messages: { previewRequest: message('Preview request', 'messages/psa.quantity-changes.v1.json') },
  },
  outcomes: {
    address: OUTCOMES,
    description: 'What came of each released version of an agreement line',
    key: 'connectionId/agreementLineKey',
    messages: { outcome: message('Outcome', 'messages/psa.outcomes.v1.json') },
  },
};

/** The channel as it stands in the document. */
export function channelOf({ address, description, key, messages }: ChannelSource): unknown {
  const isFamily = address.includes('{kind}');
  const topic = TOPICS.find(({ name }) => name === address.replace('{kind}', PSA_KINDS[0]))!;
  return {
    address,
    description: `${description}. Record key: ${key}`,
    messages,
    ...(isFamily && { parameters: { kind: { description: 'Kind of PSA', examples: [...PSA_KINDS] } } }),
    bindings: {
      kafka: {
        partitions: topic.partitions,
        topicConfiguration: {
          'cleanup.policy': [topic.cleanup],
          ...(topic.retentionMs !== undefined && { 'retention.ms': topic.retentionMs }),
        },
        bindingVersion: '0.5.0',
      },
    },
  };
}

function eventMessage(type: EventType): unknown {
  const file = `events/${shortName(type)}.json`;
  return { ...message(type, `${file}#/properties/data`), headers: eventHeaders(type) };
}

function message(name: string, schemaFile: string): Record<string, unknown> {
  return {
    name,
    contentType: 'application/json',
    headers: { type: 'object', properties: traceHeaders },
    payload: { schemaFormat: SCHEMA_FORMAT, schema: { $ref: `${SCHEMAS}/${schemaFile}` } },
  };
}
