import { canonicalJson } from '@trueup/contracts';
import type { DataSource } from 'typeorm';
import type { MasterKey } from '../master-key.js';
import type { SqlRunner } from '../sql-runner.js';
import { isAnchorGenuine, listAnchors } from './audit-anchors.js';
import type { AuditAnchor } from './audit-anchors.js';
import { CHAIN_START, hashOfEntry } from './audit-entry.js';
import type { AuditEntry } from './audit-entry.js';

/** The first entry that is not as it was written, and how that shows. */
export interface AuditFault {
  seq: number;
  detail: string;
}

export interface AuditVerdict {
  /** Entries that are as they were written, counted from the first. */
  entries: number;
  /** The last entry that a signed anchor vouches for; 0 when none does. A tail cut after it cannot be seen. */
  anchoredTo: number;
  firstFault: AuditFault | null;
}

interface EntryRow {
  tenant_id: string;
  seq: string;
  at: Date;
  actor_id: string;
  action: string;
  content: string;
  previous_hash: Buffer;
  hash: Buffer;
}

const pageSize = 1000;

/**
 * Walks a tenant's whole chain. Finds changed, missing and swapped entries by the hashes, and a missing tail by the anchors:
 * those in the database and those that the caller kept elsewhere.
 */
export async function verifyAudit(
  db: DataSource,
  masterKey: MasterKey,
  tenantId: string,
  keptElsewhere: readonly AuditAnchor[] = [],
): Promise<AuditVerdict> {
  // One snapshot: entries that are written meanwhile do not look like faults.
  return db.transaction('REPEATABLE READ', async (tx) => {
    const anchors = [...(await listAnchors(tx, tenantId)), ...keptElsewhere.filter((anchor) => anchor.tenantId === tenantId)];
    const walk = new ChainWalk(tenantId, masterKey, telling(anchors, masterKey));
    for await (const row of entriesOf(tx, tenantId)) {
      const fault = walk.faultOf(row);
      if (fault !== null) return { ...walk.state, firstFault: { seq: walk.nextSeq, detail: fault } };
    }
    const fault = walk.faultAtEnd(await headSeq(tx, tenantId));
    return { ...walk.state, firstFault: fault === null ? null : { seq: walk.nextSeq, detail: fault } };
  });
}

/** An anchor whose key is gone since a rotation says nothing once a newer one, which vouches for all before it, is signed anew. */
function telling(anchors: readonly AuditAnchor[], masterKey: MasterKey): AuditAnchor[] {
  const vouched = anchors.filter((anchor) => isAnchorGenuine(masterKey, anchor)).map((anchor) => anchor.seq);
  const vouchedTo = Math.max(0, ...vouched);
  return anchors.filter((anchor) => masterKey.knows(anchor.keyId) || anchor.seq > vouchedTo);
}

class ChainWalk {
  readonly state = { entries: 0, anchoredTo: 0 };
  readonly #anchors: Map<number, AuditAnchor[]>;
  #previous = CHAIN_START;

  constructor(
    private readonly tenantId: string,
    private readonly masterKey: MasterKey,
    private readonly anchors: readonly AuditAnchor[],
  ) {
    this.#anchors = Map.groupBy(anchors, (anchor) => anchor.seq);
  }

  get nextSeq(): number {
    return this.state.entries + 1;
  }

  faultOf(row: EntryRow): string | null {
    const fault = this.#faultOfEntry(row) ?? this.#faultOfAnchors(row);
    if (fault !== null) return fault;
    this.#previous = row.hash;
    this.state.entries += 1;
    if (this.#anchors.has(this.state.entries)) this.state.anchoredTo = this.state.entries;
    return null;
  }

  /** What the heads promise beyond the last entry. */
  faultAtEnd(headAt: number): string | null {
    const { entries } = this.state;
    const beyond = this.anchors.filter((anchor) => anchor.seq > entries);
    if (beyond.some((anchor) => isAnchorGenuine(this.masterKey, anchor))) {
      return `Missing: a signed anchor knows ${Math.max(...beyond.map((anchor) => anchor.seq))} entries`;
    }
    if (beyond.length > 0) return 'An anchor beyond the last entry is not signed by a master key of ours';
    return headAt === entries ? null : `Missing: the head of the chain is ${headAt}`;
  }

  #faultOfEntry(row: EntryRow): string | null {
    if (Number(row.seq) !== this.nextSeq) return 'Missing';
    if (!row.previous_hash.equals(this.#previous)) return 'Does not follow the entry before it';
    if (!hashOfEntry(this.#previous, row.content).equals(row.hash)) return 'The content was changed';
    return isFoundByItsContent(row, this.tenantId) ? null : 'The content belongs to another place, or its columns were changed';
  }

  #faultOfAnchors(row: EntryRow): string | null {
    const anchors = this.#anchors.get(Number(row.seq)) ?? [];
    if (anchors.some((anchor) => !isAnchorGenuine(this.masterKey, anchor))) {
      return 'Its anchor is not signed by a master key of ours';
    }
    return anchors.every((anchor) => anchor.hash === row.hash.toString('hex')) ? null : 'Another entry was signed in its place';
  }
}

function isFoundByItsContent(row: EntryRow, tenantId: string): boolean {
  const told = JSON.parse(row.content) as AuditEntry;
  const columns = [tenantId, Number(row.seq), row.at.toISOString(), row.actor_id, row.action];
  return canonicalJson([told.tenantId, told.seq, told.at, told.actor.id, told.action]) === canonicalJson(columns);
}

async function* entriesOf(tx: SqlRunner, tenantId: string): AsyncGenerator<EntryRow> {
  for (let after = '-1'; ;) {
    const rows = await tx.query<EntryRow[]>(
      `select tenant_id, seq, at, actor_id, action, content, previous_hash, hash from access.audit_entry
       where tenant_id = $1 and seq > $2 order by seq limit $3`,
      [tenantId, after, pageSize],
    );
    yield* rows;
    if (rows.length < pageSize) return;
    after = rows.at(-1)!.seq;
  }
}

async function headSeq(tx: SqlRunner, tenantId: string): Promise<number> {
  const rows = await tx.query<{ seq: string }[]>('select seq from access.audit_head where tenant_id = $1', [tenantId]);
  return Number(rows[0]?.seq ?? 0);
}
