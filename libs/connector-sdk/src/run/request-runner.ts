import type { InternalConnection, Outcome } from '@trueup/contracts';
import type { Logger } from '@trueup/service';
import type { Connector } from '../connector/connector.js';
import { OpenConnection, type ConnectionParts } from '../deliver/open-connection.js';
import type { Ledger, RequestSort } from '../ledger/ledger.js';

/** A sort of request: its counter among the settings, and how it is answered. */
export interface Answers {
  what: RequestSort;
  requested(connection: InternalConnection): number;
  /** Never throws for what the PSA does: that is an answer too. */
  answer(connector: Connector, open: OpenConnection, now: () => Date): Promise<readonly Outcome[]>;
}

export interface RequestRunnerOptions {
  connector: Connector;
  parts: ConnectionParts;
  ledger: Ledger;
  logger: Pick<Logger, 'warn'>;
  now: () => Date;
}

/** Answers each request of a sort once, whichever replica sees it first. */
export class RequestRunner {
  readonly #answered = new Map<string, number>();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly answers: Answers,
    private readonly options: RequestRunnerOptions,
  ) {}

  /** Looks for requests in a reading of the settings; one reading at a time. */
  look(connections: readonly InternalConnection[]): void {
    const asked = connections.filter((each) => this.answers.requested(each) > (this.#answered.get(each.id) ?? 0));
    if (asked.length === 0) return;
    this.#running = this.#running
      .then(() => this.#answer(asked))
      .catch((error: unknown) => {
        // The request stands: the next reading brings it again.
        this.options.logger.warn({ err: error, what: this.answers.what }, 'a request about a connection could not be answered');
      });
  }

  async stop(): Promise<void> {
    await this.#running;
  }

  async #answer(asked: readonly InternalConnection[]): Promise<void> {
    const { ledger, connector, now, parts } = this.options;
    const { what } = this.answers;
    for (const [id, counter] of await ledger.answeredRequests(what)) this.#answered.set(id, counter);
    for (const connection of asked) {
      const counter = this.answers.requested(connection);
      if ((this.#answered.get(connection.id) ?? 0) >= counter) continue;
      // In a session of its own: what stopped the connection before, here or elsewhere, must not answer for it now.
      const open = new OpenConnection(connection, { ...parts, gate: undefined, rest: undefined });
      const outcomes = await this.answers.answer(connector, open, now).finally(() => open.stop());
      await ledger.answerRequest(what, connection.id, counter, outcomes);
      this.#answered.set(connection.id, counter);
    }
  }
}

/** What every answer says of its connection. */
export function answerTo({ id, tenantId }: InternalConnection, counter: number, now: Date) {
  const place = { tenantId, changeId: '', connectionId: id, agreementLineKey: '', version: 0 };
  return { ...place, at: now.toISOString(), attempt: counter };
}
