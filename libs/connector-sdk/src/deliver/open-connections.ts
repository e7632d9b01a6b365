import { isDeepStrictEqual } from 'node:util';
import type { InternalConnection } from '@trueup/contracts';
import { OpenConnection, type ConnectionParts } from './open-connection.js';

/** The connections in use, one per id; a raised epoch or other settings put a new one in the place of the old. */
export class OpenConnections {
  readonly #open = new Map<string, OpenConnection>();

  constructor(private readonly parts: ConnectionParts) {}

  of(connection: InternalConnection): OpenConnection {
    const known = this.#open.get(connection.id);
    if (known !== undefined && isWorkedAlike(known.connection, connection)) return known;
    known?.stop();
    const opened = new OpenConnection(connection, this.parts);
    this.#open.set(connection.id, opened);
    return opened;
  }

  /** Ids of the connections in use. */
  ids(): string[] {
    return [...this.#open.keys()];
  }

  /** State of each breaker: 0 closed, 1 half open, 2 open. */
  breakers(): { id: string; state: 0 | 1 | 2 }[] {
    return [...this.#open].map(([id, { circuit }]) => ({ id, state: circuit.isOpen ? 2 : circuit.isClosed ? 0 : 1 }));
  }

  /** Lets go of connections that are no more. */
  keep(living: readonly { id: string }[]): void {
    const ids = new Set(living.map((each) => each.id));
    for (const [id, open] of this.#open) {
      if (ids.has(id)) continue;
      open.stop();
      this.#open.delete(id);
    }
  }

  stop(): void {
    for (const each of this.#open.values()) each.stop();
    this.#open.clear();
  }
}

/** Settings, time zone and grace change without a new epoch: what was released stays sendable, and is planned and sent by the new ones. */
function isWorkedAlike(known: InternalConnection, now: InternalConnection): boolean {
  const relevant = ({ epoch, settings, timeZone, graceHours }: InternalConnection) => ({ epoch, settings, timeZone, graceHours });
  return isDeepStrictEqual(relevant(known), relevant(now));
}
