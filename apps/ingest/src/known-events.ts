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

/** With one alone all requests would wait for the store together, and then for the log together. */
const MOST_ASKING = 2;
/** Requests that may wait for the store; beyond it the sender is told at once to come back. */
const MOST_WAITING = 2_000;

/** Printable texts hold no control characters, so the separator cannot occur in them. */
export function identityKey({ source, id }: EventIdentity): string {
  return `${source}\u0001${id}`;
}

/** Asks the event store for many requests at once: a few questions are on their way, what arrives meanwhile shares the next. */
export class KnownEvents {
  private waiting: Question[] = [];
  private asking = 0;

  constructor(private readonly read: ReadKnownEvents) {}

  /** Fingerprints by `identityKey` of those that the store holds. Rejects when the store is away. */
  find(tenantId: string, identities: readonly EventIdentity[]): Promise<Map<string, string>> {
    if (identities.length === 0) return Promise.resolve(new Map());
    if (this.waiting.length >= MOST_WAITING) return Promise.reject(new Error('too many requests wait for the event store'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ tenantId, identities, resolve, reject });
      if (this.asking < MOST_ASKING) void this.ask();
    });
  }

  private async ask(): Promise<void> {
    this.asking += 1;
    await Promise.resolve(); // what is asked in one go shares a question; what comes later must not wait for it to be read
    while (this.waiting.length > 0) {
      const byTenant = Map.groupBy(this.waiting.splice(0), ({ tenantId }) => tenantId);
      await Promise.all([...byTenant].map(([tenantId, questions]) => this.answer(tenantId, questions)));
    }
    this.asking -= 1;
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
