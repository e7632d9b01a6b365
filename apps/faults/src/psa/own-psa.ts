import { call } from '@trueup/testing/product';
import type { LoadedTenant } from '../fault.js';

/** A call as the sandbox's journal tells it. */
export interface PsaCall {
  seq: number;
  at: string;
  endedAt: string;
  method: string;
  path: string;
  isWrite: boolean;
  caller: string | null;
  status: number | null;
  retryAfter: string | null;
  faults: string[];
}

/** A fault of the sandbox; `path` and `access` say which of the tenant's calls it hits. */
export interface PsaFault {
  kind: string;
  path?: string;
  access?: 'read' | 'write' | 'any';
  count?: number | 'always';
  [field: string]: unknown;
}

/** One tenant's side of the sandbox, which both tenants share: at an address of its own, so that its calls can be told and broken apart. */
export class OwnPsa {
  private constructor(
    private readonly tenant: LoadedTenant,
    private readonly label: string,
  ) {}

  /** Gives the tenant's connection its address, and the settings that the fault needs, e.g. deadlines. */
  static async of(tenant: LoadedTenant, settings: Readonly<Record<string, unknown>> = {}): Promise<OwnPsa> {
    const { url } = tenant.msp.sandbox;
    // The sandbox's hour is common to all tenants that ever used it; a PSA's own customer has one for itself.
    await call('DELETE', `${url}/_sandbox/stats`);
    const label = `psa-${tenant.msp.tenantId}`;
    const baseUrl = `${url}/${label}/ATServicesRest/V1.0`;
    await tenant.msp.api('PATCH', `/connections/${tenant.scene.connectionId}`, { body: { baseUrl, settings } });
    return new OwnPsa(tenant, label);
  }

  /** Arms a fault for this tenant alone; by default it hits writes, once. */
  async arm({ path = '', access = 'write', ...fault }: PsaFault): Promise<void> {
    await this.tenant.msp.sandbox.fault({ ...fault, match: { access, path: `^/${this.label}/.*${path}` } });
  }

  /** Forgets what is armed, for everybody. */
  async disarm(): Promise<void> {
    await call('DELETE', `${this.#admin}/faults`);
  }

  /** How many hits are still to come; `always` counts as none. */
  async armed(): Promise<number> {
    const { faults } = await call<{ faults: { remaining: number | 'always' }[] }>('GET', `${this.#admin}/faults`);
    return faults.reduce((sum, { remaining }) => sum + (remaining === 'always' ? 0 : remaining), 0);
  }

  /** Calls of this tenant after a number, in order of their end. */
  async calls(since = 0): Promise<PsaCall[]> {
    const { calls } = await call<{ calls: PsaCall[] }>('GET', `${this.#admin}/calls?since=${since}`);
    return calls.filter(({ path }) => path.startsWith(`/${this.label}/`));
  }

  async lastCall(): Promise<number> {
    return (await call<{ lastSeq: number }>('GET', `${this.#admin}/calls?since=9007199254740991`)).lastSeq;
  }

  get #admin(): string {
    return `${this.tenant.msp.sandbox.url}/_sandbox`;
  }
}
