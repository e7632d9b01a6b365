import { StartFailure } from '../start-failure.js';

export type ServiceName = 'psa-sandbox' | 'api' | 'ingest' | 'billing-projector' | 'change-control' | 'connector-autotask';

export interface ServiceDefinition {
  readonly name: ServiceName;
  /** Has a public HTTP port besides its admin port. */
  readonly hasHttp: boolean;
  readonly canHaveReplicas: boolean;
  /** Kind of PSA, for connectors: names the service token. */
  readonly kind?: string;
}

/** Every service, in the order in which it is started. */
export const services: readonly ServiceDefinition[] = [
  { name: 'psa-sandbox', hasHttp: true, canHaveReplicas: false },
  { name: 'api', hasHttp: true, canHaveReplicas: true },
  { name: 'ingest', hasHttp: true, canHaveReplicas: true },
  { name: 'billing-projector', hasHttp: false, canHaveReplicas: true },
  { name: 'change-control', hasHttp: false, canHaveReplicas: true },
  { name: 'connector-autotask', hasHttp: false, canHaveReplicas: true, kind: 'autotask' },
];

/** The definition of a service that a person named; throws StartFailure listing the known ones. */
export function findService(name: string): ServiceDefinition {
  const found = services.find((service) => service.name === name);
  if (found !== undefined) return found;
  throw new StartFailure(`There is no service "${name}". Known: ${services.map((service) => service.name).join(', ')}.`);
}
