import { setTimeout as wait } from 'node:timers/promises';
import { assigned, call, type Runtime, type Scene, SERVICE, setScene, until } from '@trueup/testing/product';

const CUSTOMERS = 10;
const PAUSE_MS = 150;

/** A tenant of its own whose deliveries are timed, from the 2xx of an event to the write in the PSA. */
export class Witness {
  #users = 0;

  private constructor(private readonly scene: Scene) {}

  static async on(runtime: Runtime): Promise<Witness> {
    return new Witness(await setScene(runtime, 'Witness', { customers: CUSTOMERS }));
  }

  /** The 95th percentile, in milliseconds, of `count` deliveries; NaN when one did not arrive. */
  async p95(count: number): Promise<number> {
    const { customers, msp, runtime } = this.scene;
    const since = await msp.sandbox.lastSeq();
    const { offsetMs } = await call<{ offsetMs: number }>('GET', `${msp.sandbox.url}/_sandbox/clock`);
    const tookMs: number[] = [];
    for (let round = 0; round * customers.length < count; round++) {
      const acknowledgedMs = new Map<number, number>();
      for (const { code, companyId } of customers) {
        const now = (await runtime.status()).now;
        await msp.postOne(assigned(code, `w${(this.#users += 1)}`, SERVICE, now));
        acknowledgedMs.set(companyId, Date.now() + offsetMs);
        await wait(PAUSE_MS);
      }
      tookMs.push(...(await this.#arrived(since, round + 1, acknowledgedMs)));
    }
    return percentile(tookMs, 0.95);
  }

  /** Milliseconds until each customer's newest write, once everybody has `writes` of them. */
  async #arrived(since: number, writes: number, acknowledgedMs: ReadonlyMap<number, number>): Promise<number[]> {
    const newest = new Map<number, number>();
    const isThere = await until(async () => {
      const effects = await this.scene.msp.sandbox.effects(since);
      for (const companyId of acknowledgedMs.keys()) {
        const own = effects.filter(({ body }) => body.contractID === companyId);
        if (own.length >= writes) newest.set(companyId, Date.parse(own.at(-1)!.at));
      }
      return newest.size === acknowledgedMs.size;
    }, 60_000);
    return isThere ? [...newest].map(([id, atMs]) => Math.max(0, atMs - acknowledgedMs.get(id)!)) : [Number.NaN];
  }
}

function percentile(values: readonly number[], share: number): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
