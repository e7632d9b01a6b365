/** An identity within one tenant. */
export interface EventIdentity {
  source: string;
  id: string;
}

/** Reads from the event store which identities it holds, with the fingerprint of what it holds. */
export type ReadKnownEvents = (
  tenantId: string,
  identities: readonly EventIdentity[],
) => Promise<readonly (EventIdentity & { fingerprint: string })[]>;

interface Question {
  tenantId: string;
  identities: readonly EventIdentity[];
  resolve: (known: Map<string, string>) => void;
  reject: (error: unknown) => void;
}

/** Requests that may wait for the store; beyond it the sender is told at once to come back. */
const MOST_WAITING = 2_000;

/** Printable texts hold no control characters, so the separator cannot occur in them. */
export function identityKey({ source, id }: EventIdentity): string {
  return `${source}\u0001${id}`;
}

/** Asks the event store for many requests at once: one question is on its way, what arrives meanwhile shares the next. */
export class KnownEvents {
  private waiting: Question[] = [];
  private asking: Promise<void> | null = null;

  constructor(private readonly read: ReadKnownEvents) {}

  /** Fingerprints by `identityKey` of those that the store holds. Rejects when the store is away. */
  find(tenantId: string, identities: readonly EventIdentity[]): Promise<Map<string, string>> {
    if (identities.length === 0) return Promise.resolve(new Map());
    if (this.waiting.length >= MOST_WAITING) return Promise.reject(new Error('too many requests wait for the event store'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ tenantId, identities, resolve, reject });
      this.asking ??= this.ask();
    });
  }

  private async ask(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const byTenant = Map.groupBy(this.waiting.splice(0), ({ tenantId }) => tenantId);
      await Promise.all([...byTenant].map(([tenantId, questions]) => this.answer(tenantId, questions)));
    }
    this.asking = null;
  }

  private async answer(tenantId: string, questions: readonly Question[]): Promise<void> {
    try {
      const found = await this.read(
        tenantId,
        questions.flatMap(({ identities }) => identities),
      );
      const known = new Map(found.map((event) => [identityKey(event), event.fingerprint]));
      for (const { resolve } of questions) resolve(known);
    } catch (error) {
      for (const { reject } of questions) reject(error); // each request decides what it means
    }
  }
}
