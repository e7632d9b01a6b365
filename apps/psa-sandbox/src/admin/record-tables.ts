import { isDeepStrictEqual } from 'node:util';
import { type JsonValue, type PsaRecord, RecordTable } from './record-table.js';

/** What one call did to one record: `before` null = created, `after` null = deleted. */
export interface RecordChange {
  readonly entity: string;
  readonly id: number;
  readonly before: PsaRecord | null;
  readonly after: PsaRecord | null;
}

/** Tables of records by entity and id, with a journal that can be read or undone. */
export class RecordTables {
  readonly #tables = new Map<string, RecordTable>();
  #journal: RecordChange[] = [];

  get(entity: string, id: number): PsaRecord | undefined {
    return this.#table(entity).get(id);
  }

  /** All records of an entity, by ascending id. */
  all(entity: string): readonly PsaRecord[] {
    return this.#table(entity).all();
  }

  /** The records whose field holds a value (null included), by ascending id. */
  where(entity: string, field: string, value: JsonValue): PsaRecord[] {
    return this.#table(entity).where(field, value);
  }

  nextId(entity: string): number {
    return this.#table(entity).nextId;
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
    for (const [entity, table] of other.#tables) this.#tables.set(entity, new RecordTable(table));
  }

  /** A copy that may be changed without touching this one. */
  copy(): RecordTables {
    const copy = new RecordTables();
    copy.become(this);
    return copy;
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
    for (const { entity, id, before } of changes.toReversed()) this.#table(entity).set(id, before);
  }

  redo(changes: readonly RecordChange[]): void {
    for (const { entity, id, after } of changes) this.#table(entity).set(id, after);
  }

  #write(entity: string, id: number, after: PsaRecord | null): void {
    const table = this.#table(entity);
    this.#journal.push({ entity, id, before: table.get(id) ?? null, after });
    table.set(id, after);
  }

  #table(entity: string): RecordTable {
    const table = this.#tables.get(entity) ?? new RecordTable();
    this.#tables.set(entity, table);
    return table;
  }
}

/** One entry per record, from its first state to its last; records that came back to theirs are left out. */
function coalesced(journal: readonly RecordChange[]): RecordChange[] {
  const byRecord = new Map<string, RecordChange>();
  for (const change of journal) {
    const key = `${change.entity}/${change.id}`;
    const before = byRecord.has(key) ? byRecord.get(key)!.before : change.before;
    byRecord.set(key, { ...change, before });
  }
  return [...byRecord.values()].filter(({ before, after }) => !isDeepStrictEqual(before, after));
}
