import type { InternalConnection } from '@trueup/contracts';
import { OpenConnection, type ConnectionParts } from './open-connection.js';

/** The connections in use, one per id; a raised epoch puts a new one in the place of the old. */
export class OpenConnections {
  readonly #open = new Map<string, OpenConnection>();

  constructor(private readonly parts: ConnectionParts) {}

  of(connection: InternalConnection): OpenConnection {
    const known = this.#open.get(connection.id);
    if (known !== undefined && known.connection.epoch === connection.epoch) return known;
    known?.stop();
    const opened = new OpenConnection(connection, this.parts);
    this.#open.set(connection.id, opened);
    return opened;
  }

  /** Connections whose breaker is not closed. */
  failing(): string[] {
    return [...this.#open.values()].filter((each) => !each.circuit.isClosed).map((each) => each.connection.id);
  }

  stop(): void {
    for (const each of this.#open.values()) each.stop();
    this.#open.clear();
  }
}
