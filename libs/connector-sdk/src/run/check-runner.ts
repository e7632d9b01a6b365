import type { Finding, InternalConnection, Outcome } from '@trueup/contracts';
import type { Connector } from '../connector/connector.js';
import { barredByFault } from '../deliver/fault-words.js';
import { OpenConnection, type ConnectionParts } from '../deliver/open-connection.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Logger } from '@trueup/service';

export interface CheckRunnerOptions {
  connector: Connector;
  parts: ConnectionParts;
  ledger: Ledger;
  logger: Pick<Logger, 'warn'>;
  now: () => Date;
}

/** Answers each requested check of a connection once, with what was found. */
export class CheckRunner {
  readonly #answered = new Map<string, number>();
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly options: CheckRunnerOptions) {}

  /** Looks for requests in a reading of the settings; one reading at a time. */
  look(connections: readonly InternalConnection[]): void {
    const asked = connections.filter((each) => each.checkRequested > (this.#answered.get(each.id) ?? 0));
    if (asked.length === 0) return;
    this.#running = this.#running
      .then(() => this.#answer(asked))
      .catch((error: unknown) => {
        // The request stands: the next reading brings it again.
        this.options.logger.warn({ err: error }, 'a connection check could not be answered');
      });
  }

  async stop(): Promise<void> {
    await this.#running;
  }

  async #answer(asked: readonly InternalConnection[]): Promise<void> {
    for (const [id, counter] of await this.options.ledger.answeredChecks()) this.#answered.set(id, counter);
    for (const connection of asked) {
      const { id, checkRequested } = connection;
      if ((this.#answered.get(id) ?? 0) >= checkRequested) continue;
      const findings = await this.#check(connection);
      await this.options.ledger.answerCheck(id, checkRequested, this.#outcome(connection, findings));
      this.#answered.set(id, checkRequested);
    }
  }

  /** In a session of its own: what stopped the connection before must not answer for it now. */
  async #check(connection: InternalConnection): Promise<readonly Finding[]> {
    const open = new OpenConnection(connection, this.options.parts);
    try {
      if (open.stopped !== undefined) return [{ code: open.stopped.code, level: 'Error', message: open.stopped.message }];
      return (await this.options.connector.check?.(open.psa)) ?? [];
    } catch (error) {
      const barred = barredByFault(error, open);
      const message = error instanceof Error ? error.message : 'The check failed';
      return [{ code: barred?.code ?? 'PSA_UNREACHABLE', level: 'Error', message: barred?.message ?? message }];
    } finally {
      open.stop();
    }
  }

  #outcome(connection: InternalConnection, findings: readonly Finding[]): Outcome {
    const { id, tenantId, checkRequested } = connection;
    const first = findings.find((each) => each.level === 'Error');
    return {
      tenantId,
      changeId: '',
      connectionId: id,
      agreementLineKey: '',
      version: 0,
      kind: 'checked',
      code: first?.code ?? 'LINE_UNCHANGED',
      message: first?.message ?? 'The connection has what it needs',
      at: this.options.now().toISOString(),
      attempt: checkRequested,
      checkRequested,
      findings: [...findings],
    };
  }
}
