import { call, type Call } from './http.js';
import type { CloudEvent } from './provisioning.js';
import type { Runtime } from './runtime.js';
import { Sandbox, type WantedContract } from './sandbox.js';

interface EventResult {
  index: number;
  id: string;
  status: 'accepted' | 'duplicate' | 'rejected';
}

export interface IngestAnswer {
  accepted: number;
  duplicate: number;
  rejected: number;
  results: EventResult[];
}

export interface LineView {
  lineKey: string;
  customerCode: string;
  sku: string;
  periodId: string;
  quantity: string;
  targetVersion: number;
  deliveries: { connectionId: string | null; agreementLineKey: string | null; state: string; code: string | null }[];
}

/** Secrets of the API user that a fresh sandbox knows. */
const SANDBOX_SECRETS = { UserName: 'api-user@sandbox.example', Secret: 'sandbox-secret', ApiIntegrationCode: 'SANDBOX-CODE' };

/** One tenant of the running product, used as its people and its upstream systems use it: over HTTP alone. */
export class Msp {
  readonly sandbox: Sandbox;

  private constructor(
    private readonly runtime: Runtime,
    readonly tenantId: string,
    readonly tokens: { admin: string; events: string },
  ) {
    this.sandbox = new Sandbox(runtime.endpoints.sandboxes.autotask);
  }

  /** A new tenant; its first tokens come from the answer that made it. */
  static async create(runtime: Runtime, name: string): Promise<Msp> {
    const { apiUrl, tokens } = runtime.endpoints;
    const made = await call<{ id: string; tokens: { admin: string; events: string } }>('POST', `${apiUrl}/v1/tenants`, {
      token: tokens.admin,
      body: { name },
      expect: 201,
    });
    return new Msp(runtime, made.id, made.tokens);
  }

  api<T = unknown>(method: string, path: string, options: Omit<Call, 'token'> = {}): Promise<T> {
    return call<T>(method, `${this.runtime.endpoints.apiUrl}/v1${path}`, { token: this.tokens.admin, ...options });
  }

  /** Posts a batch; the answer has each event's fate. */
  post(events: readonly CloudEvent[], headers: Record<string, string> = {}): Promise<IngestAnswer> {
    return call<IngestAnswer>('POST', `${this.runtime.endpoints.ingestUrl}/v1/events`, {
      token: this.tokens.events,
      body: events,
      contentType: 'application/cloudevents-batch+json',
      headers,
    });
  }

  postOne(one: CloudEvent): Promise<IngestAnswer> {
    return call<IngestAnswer>('POST', `${this.runtime.endpoints.ingestUrl}/v1/events`, {
      token: this.tokens.events,
      body: one,
      contentType: 'application/cloudevents+json',
    });
  }

  /** Posts until the events are acknowledged, as a sender does while a service is down. */
  async postUntilAccepted(events: readonly CloudEvent[]): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const isDone = await this.post(events).then(
        (answer) => answer.rejected === 0,
        () => false,
      );
      if (isDone) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error('ingest never acknowledged the events');
  }

  /** A connection to the sandbox with its secrets, in the given mode. Returns its id. */
  async connect(mode: 'observe' | 'auto', settings: Record<string, unknown> = {}): Promise<string> {
    const { id } = await this.api<{ id: string }>('POST', '/connections', {
      body: { kind: 'autotask', label: 'Autotask', baseUrl: this.sandbox.url, settings },
    });
    await this.api('PUT', `/connections/${id}/secrets`, { body: SANDBOX_SECRETS });
    if (mode !== 'observe') await this.api('PUT', `/connections/${id}/mode`, { body: { mode } });
    return id;
  }

  async mapCustomer(code: string, connectionId: string, companyId: number, validFrom: string): Promise<void> {
    const body = [{ connectionId, billingIdentifier: String(companyId), validFrom }];
    await this.api('PUT', `/mappings/customers/${encodeURIComponent(code)}`, { body });
  }

  async mapSku(sku: string, connectionId: string, serviceId: number, validFrom: string): Promise<void> {
    const body = [{ connectionId, psaProductRef: String(serviceId), validFrom }];
    await this.api('PUT', `/mappings/products/${encodeURIComponent(sku)}`, { body });
  }

  async priceService(service: string, sku: string, validFrom: string): Promise<void> {
    const body = { rows: [{ planCode: null, sku, validFrom }] };
    await this.api('PUT', `/catalogue/services/${encodeURIComponent(service)}`, { body });
  }

  async lines(): Promise<LineView[]> {
    return (await this.api<{ data: LineView[] }>('GET', '/lines?limit=200')).data;
  }

  /** The single line of a customer and sku; fails when there is none. */
  async line(customer: string, sku: string): Promise<LineView> {
    const found = (await this.lines()).filter((line) => line.customerCode === customer && line.sku === sku);
    if (found.length !== 1) throw new Error(`${found.length} lines of ${customer} × ${sku}`);
    return found[0]!;
  }

  addContracts(contracts: readonly WantedContract[]): Promise<void> {
    return this.sandbox.add(contracts);
  }
}
