import type { KafkaListener } from './kafka-listeners.js';

export interface KafkaAddresses {
  readonly brokerPort: number;
  readonly controllerPort: number;
  readonly extraListeners: readonly KafkaListener[];
  /** Which node of which cluster it is. Default: the only one of a cluster of its own. */
  readonly member?: KafkaMember;
}

/** One node's place among several. */
export interface KafkaMember {
  /** From 0; the broker's own number is one higher. */
  readonly index: number;
  /** The controllers' ports of all nodes, by index. */
  readonly controllerPorts: readonly number[];
  readonly clusterId: string;
}

/** server.properties of a KRaft node (broker and controller in one). */
export function kafkaProperties(addresses: KafkaAddresses, dataFolder: string): string {
  const nodes = addresses.member?.controllerPorts.length ?? 1;
  const settings = { ...listenerSettings(addresses), 'log.dirs': dataFolder, ...localSettings, ...copySettings(nodes) };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function listenerSettings({ brokerPort, controllerPort, extraListeners, member }: KafkaAddresses): Record<string, string> {
  const own: KafkaListener = loopback('BROKER', brokerPort);
  const brokers = [own, ...extraListeners];
  const { index, controllerPorts } = member ?? { index: 0, controllerPorts: [controllerPort] };
  const names = [...brokers.map((listener) => listener.name), 'CONTROLLER'];
  return {
    'process.roles': 'broker,controller',
    'node.id': String(index + 1),
    'controller.quorum.voters': controllerPorts.map((port, other) => `${other + 1}@127.0.0.1:${port}`).join(','),
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

/** Every record on every node; a write is acknowledged once all of them but one have it. */
function copySettings(nodes: number): Record<string, string> {
  const copies = String(nodes);
  const inSync = String(Math.max(1, nodes - 1));
  return {
    ...(nodes > 1 && { 'default.replication.factor': copies, 'min.insync.replicas': inSync }),
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
  };
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
  'transaction.state.log.num.partitions': '4',
  'group.initial.rebalance.delay.ms': '0',
  'log.segment.bytes': '16777216',
};
