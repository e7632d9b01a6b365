import { channelOf, channelSources } from './channels.js';

type Action = 'send' | 'receive';

/** Who writes and reads which channel. */
const OPERATIONS: [service: string, action: Action, channel: keyof typeof channelSources, summary: string][] = [
  ['ingest', 'send', 'provisioningEvents', 'Writes what it accepted over HTTP'],
  ['billing-projector', 'receive', 'provisioningEvents', 'Folds events into holdings, items and line targets'],
  ['billing-projector', 'send', 'lineTargets', 'Tells what a line must have whenever that differs'],
  ['change-control', 'receive', 'lineTargets', 'Decides what agreement lines must have'],
  ['change-control', 'send', 'quantityChanges', 'Releases a version of an agreement line'],
  ['change-control', 'send', 'previewRequests', 'Asks what a change would do'],
  ['change-control', 'receive', 'outcomes', 'Keeps what became of each version'],
  ['connector', 'receive', 'quantityChanges', 'Writes the schedule into the PSA'],
  ['connector', 'receive', 'previewRequests', 'Answers what it would write'],
  ['connector', 'send', 'outcomes', 'Tells what came of a version'],
];

/** The AsyncAPI 3 document of all topics: channels, messages, and who sends and receives them. */
export function asyncApiDocument(): Record<string, unknown> {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Trueup topics',
      version: '1',
      description:
        'Everything that travels between the services. Adding optional fields is free; whatever a reader does not know it ignores. ' +
        'Quantities are decimal texts. A connector needs the topics of its kind and the outcomes.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(Object.entries(channelSources).map(([name, source]) => [name, channelOf(source)])),
    operations: Object.fromEntries(OPERATIONS.map((operation) => [operationName(operation), operationOf(operation)])),
  };
}

function operationName([service, action, channel]: (typeof OPERATIONS)[number]): string {
  return `${service}.${action}.${channel}`;
}

function operationOf([service, action, channel, summary]: (typeof OPERATIONS)[number]): unknown {
  const reference = `#/channels/${channel}`;
  const messages = Object.keys(channelSources[channel]!.messages);
  return {
    action,
    channel: { $ref: reference },
    summary,
    tags: [{ name: service }],
    messages: messages.map((name) => ({ $ref: `${reference}/messages/${name}` })),
  };
}
