/** A JSON value as it travels on the wire. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One record of a pretended PSA. Never changed in place: a change puts a new object. */
export type PsaRecord = Readonly<Record<string, JsonValue>>;

/** What one call did to one record: `before` null = created, `after` null = deleted. */
export interface RecordChange {
  readonly entity: string;
  readonly id: number;
  readonly before: PsaRecord | null;
  readonly after: PsaRecord | null;
}

/** Tables of records by entity and id, with a journal that can be read or undone. */
export class RecordTables {
  readonly #tables = new Map<string, Map<number, PsaRecord>>();
  readonly #highestIds = new Map<string, number>();
  #journal: RecordChange[] = [];

  get(entity: string, id: number): PsaRecord | undefined {
    return this.#table(entity).get(id);
  }

  /** All records of an entity, by ascending id. */
  all(entity: string): PsaRecord[] {
    const byId = [...this.#table(entity)].sort(([left], [right]) => left - right);
    return byId.map(([, record]) => record);
  }

  nextId(entity: string): number {
    return (this.#highestIds.get(entity) ?? 0) + 1;
  }

  put(entity: string, record: PsaRecord): void {
    this.#write(entity, Number(record['id']), record);
  }

  remove(entity: string, id: number): void {
    this.#write(entity, id, null);
  }

  /** Takes over everything that `other` holds, outside the journal. */
  become(other: RecordTables): void {
    this.#tables.clear();
    this.#highestIds.clear();
    for (const [entity, table] of other.#tables) this.#tables.set(entity, new Map(table));
    for (const [entity, id] of other.#highestIds) this.#highestIds.set(entity, id);
  }

  /** Runs `work` and answers what it changed; if it throws, nothing has changed. */
  collect<T>(work: () => T): { result: T; changes: RecordChange[] } {
    this.#journal = [];
    try {
      const result = work();
      return { result, changes: coalesced(this.#journal) };
    } catch (error) {
      this.undo(this.#journal);
      throw error;
    } finally {
      this.#journal = [];
    }
  }

  undo(changes: readonly RecordChange[]): void {
    for (const change of changes.toReversed()) {
      this.#set(change.entity, change.id, change.before);
    }
  }

  redo(changes: readonly RecordChange[]): void {
    for (const change of changes) this.#set(change.entity, change.id, change.after);
  }

  /** A copy that may be changed without touching this one. */
  copy(): RecordTables {
    const copy = new RecordTables();
    copy.become(this);
    return copy;
  }

  #write(entity: string, id: number, after: PsaRecord | null): void {
    const before = this.#table(entity).get(id) ?? null;
    this.#journal.push({ entity, id, before, after });
    this.#set(entity, id, after);
  }

  #set(entity: string, id: number, record: PsaRecord | null): void {
    if (record === null) this.#table(entity).delete(id);
    else this.#table(entity).set(id, record);
    // Ids are never handed out twice, not even after a deletion.
    this.#highestIds.set(entity, Math.max(id, this.#highestIds.get(entity) ?? 0));
  }

  #table(entity: string): Map<number, PsaRecord> {
    const table = this.#tables.get(entity) ?? new Map<number, PsaRecord>();
    this.#tables.set(entity, table);
    return table;
  }
}

function coalesced(journal: readonly RecordChange[]): RecordChange[] {
  const byRecord = new Map<string, RecordChange>();
  for (const change of journal) {
    const key = `${change.entity}/${change.id}`;
    const before = byRecord.has(key) ? byRecord.get(key)!.before : change.before;
    byRecord.set(key, { ...change, before });
  }
  return [...byRecord.values()].filter((change) => !isSame(change.before, change.after));
}

function isSame(before: PsaRecord | null, after: PsaRecord | null): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}
