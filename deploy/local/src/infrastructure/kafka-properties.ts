import type { KafkaListener } from './kafka-listeners.js';

export interface KafkaAddresses {
  readonly brokerPort: number;
  readonly controllerPort: number;
  readonly extraListeners: readonly KafkaListener[];
}

/** server.properties of a single KRaft node (broker and controller in one). */
export function kafkaProperties(addresses: KafkaAddresses, dataFolder: string): string {
  const settings = { ...listenerSettings(addresses), 'log.dirs': dataFolder, ...localSettings };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function listenerSettings({ brokerPort, controllerPort, extraListeners }: KafkaAddresses): Record<string, string> {
  const own: KafkaListener = loopback('BROKER', brokerPort);
  const brokers = [own, ...extraListeners];
  const names = [...brokers.map((listener) => listener.name), 'CONTROLLER'];
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: [...brokers, loopback('CONTROLLER', controllerPort)].map((l) => `${l.name}://${l.host}:${l.port}`).join(','),
    'advertised.listeners': brokers.map((l) => `${l.name}://${l.advertisedHost}:${l.advertisedPort}`).join(','),
    'listener.security.protocol.map': names.map((name) => `${name}:PLAINTEXT`).join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'BROKER',
  };
}

function loopback(name: string, port: number): KafkaListener {
  return { name, host: '127.0.0.1', port, advertisedHost: '127.0.0.1', advertisedPort: port };
}

const localSettings = {
  // With the default of 9 s a broker that was killed opens its port 11 s later: its old registration must expire.
  'broker.session.timeout.ms': '2000',
  'broker.heartbeat.interval.ms': '500',
  'num.network.threads': '2',
  'num.io.threads': '2',
  'num.partitions': '4',
  'auto.create.topics.enable': 'false',
  'offsets.topic.num.partitions': '4',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'log.segment.bytes': '16777216',
};
