/** A JSON value as it travels on the wire. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** One record of a pretended PSA. Never changed in place: a change puts a new object. */
export type PsaRecord = Readonly<Record<string, JsonValue>>;

/** The records of one entity, with an index for every field that somebody has looked records up by. */
export class RecordTable {
  readonly #records: Map<number, PsaRecord>;
  readonly #indexes = new Map<string, Map<JsonValue, Set<number>>>();
  #highestId: number;
  /** By id; undefined after a change. */
  #inOrder: readonly PsaRecord[] | undefined;

  constructor(source?: RecordTable) {
    this.#records = new Map(source ? source.#records : []);
    this.#highestId = source ? source.#highestId : 0;
  }

  /** Ids are never handed out twice, not even after a deletion. */
  get nextId(): number {
    return this.#highestId + 1;
  }

  get(id: number): PsaRecord | undefined {
    return this.#records.get(id);
  }

  /** By ascending id. */
  all(): readonly PsaRecord[] {
    this.#inOrder ??= [...this.#records.values()].sort(byId);
    return this.#inOrder;
  }

  /** Records whose field holds that value, by ascending id. */
  where(field: string, value: JsonValue): PsaRecord[] {
    const ids = this.#indexOf(field).get(value) ?? new Set<number>();
    return [...ids].map((id) => this.#records.get(id)!).sort(byId);
  }

  set(id: number, record: PsaRecord | null): void {
    const before = this.#records.get(id);
    for (const [field, index] of this.#indexes) reindex(index, id, before?.[field], record?.[field]);
    if (record === null) this.#records.delete(id);
    else this.#records.set(id, record);
    this.#highestId = Math.max(id, this.#highestId);
    this.#inOrder = undefined;
  }

  #indexOf(field: string): Map<JsonValue, Set<number>> {
    const known = this.#indexes.get(field);
    if (known) return known;
    const index = new Map<JsonValue, Set<number>>();
    for (const [id, record] of this.#records) reindex(index, id, undefined, record[field]);
    this.#indexes.set(field, index);
    return index;
  }
}

function reindex(
  index: Map<JsonValue, Set<number>>,
  id: number,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): void {
  if (before !== undefined) index.get(before)?.delete(id);
  if (after === undefined) return;
  const ids = index.get(after) ?? new Set<number>();
  index.set(after, ids.add(id));
}

function byId(left: PsaRecord, right: PsaRecord): number {
  return Number(left['id']) - Number(right['id']);
}
