import type { QueryRequest } from './query-request.js';

const PAGES_KEPT = 50;

/** A page that somebody may still ask for. */
export interface RememberedPage {
  readonly entityPath: string;
  readonly request: QueryRequest;
  /** The method of the first call: the next pages answer to no other. */
  readonly method: string;
  /** Records with higher ids follow. */
  readonly afterId: number;
  /** The page before this one. */
  readonly previous: string | null;
}

/** The server's memory of paged queries: the latest fifty pages. */
export class PageMemory {
  readonly #pages = new Map<string, RememberedPage>();
  #lastToken = 0;

  remember(page: RememberedPage): string {
    this.#lastToken += 1;
    const token = this.#lastToken.toString(36).padStart(8, '0');
    this.#pages.set(token, page);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > PAGES_KEPT && oldest !== undefined) this.#pages.delete(oldest);
    return token;
  }

  find(token: string): RememberedPage | undefined {
    return this.#pages.get(token);
  }
}
