import { PortChooser, type PortTaken } from '../network/free-port.js';
import { StartFailure } from '../start-failure.js';
import type { ServiceDefinition, ServiceName } from './service-catalogue.js';

export const defaultPortBase = 4600;
// Distance from the base. People meet the first four; the rest only has to stay out of their way.
const firstHttp: Partial<Record<ServiceName, number>> = { api: 0, ingest: 1, 'psa-sandbox': 2 };
const [control, kafka, kafkaController, postgres, redis, furtherKafka, furtherHttp, admin] = [3, 10, 11, 12, 13, 14, 20, 40];

export interface KafkaPorts {
  readonly broker: number;
  readonly controller: number;
}

/** Chooses every port of one runtime from its base on; a taken one is replaced by the next free one and reported. */
export class RuntimePorts {
  private readonly chooser: PortChooser;

  constructor(
    private readonly base: number,
    onTaken: (taken: PortTaken) => void,
    isFree?: (port: number) => Promise<boolean>,
  ) {
    this.chooser = new PortChooser(onTaken, isFree);
  }

  control(): Promise<number> {
    return this.chooser.choose(this.base + control, 'control side');
  }

  async infrastructure(brokers: number) {
    return {
      kafka: await this.kafka(brokers),
      postgres: await this.chooser.choose(this.base + postgres, 'PostgreSQL'),
      redis: await this.chooser.choose(this.base + redis, 'Redis'),
    };
  }

  private async kafka(brokers: number): Promise<KafkaPorts[]> {
    const broker = await this.chooser.choose(this.base + kafka, 'Kafka');
    const nodes = [{ broker, controller: await this.chooser.choose(this.base + kafkaController, 'Kafka controller') }];
    const further = (): Promise<number> => this.chooser.chooseSilently(this.base + furtherKafka);
    while (nodes.length < brokers) nodes.push({ broker: await further(), controller: await further() });
    return nodes;
  }

  async service(service: ServiceDefinition, replica: number): Promise<{ admin: number; http: number | null }> {
    return { admin: await this.chooser.chooseSilently(this.base + admin), http: await this.http(service, replica) };
  }

  private async http(service: ServiceDefinition, replica: number): Promise<number | null> {
    const first = firstHttp[service.name];
    if (!service.hasHttp || first === undefined) return null;
    if (replica > 0) return this.chooser.chooseSilently(this.base + furtherHttp);
    return this.chooser.choose(this.base + first, service.name);
  }
}

/** Reads `TRUEUP_PORT_BASE`; 60 ports from it on are the runtime's. */
export function parsePortBase(text: string | undefined): number {
  if (text === undefined || text === '') return defaultPortBase;
  const base = Number(text);
  if (Number.isInteger(base) && base >= 1024 && base <= 65_000) return base;
  throw new StartFailure(`TRUEUP_PORT_BASE must be a whole number from 1024 to 65000, not "${text}".`);
}
