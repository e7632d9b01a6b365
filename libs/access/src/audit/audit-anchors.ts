import { canonicalJson } from '@trueup/contracts';
import type { MasterKey } from '../master-key.js';
import type { SqlRunner } from '../sql-runner.js';

/** Where a tenant's chain stood, signed with the master key, which the database never holds. */
export interface AuditAnchor {
  tenantId: string;
  seq: number;
  /** Hex */
  hash: string;
  /** RFC 3339 */
  at: string;
  keyId: string;
  /** Hex */
  signature: string;
}

interface AnchorRow {
  tenant_id: string;
  seq: string;
  hash: Buffer;
  at: Date;
  key_id: string;
  signature: Buffer;
}

/**
 * Signs the head of every chain that grew since its last anchor, or whose anchor another master key signed. Whoever cuts the end of a chain cannot make an older anchor valid
 * for what is left. Returns the new anchors, so that the caller can keep them outside the database too.
 */
export async function anchorAudit(db: SqlRunner, masterKey: MasterKey, at: Date): Promise<AuditAnchor[]> {
  const heads = await db.query<{ tenant_id: string; seq: string; hash: Buffer }[]>(
    `select tenant_id, seq, hash from access.audit_head head
     where seq > coalesce((select max(seq) from access.audit_anchor anchor where anchor.tenant_id = head.tenant_id and key_id = $1), 0)`,
    [masterKey.id],
  );
  const anchors = heads.map((head) => signed(masterKey, { ...toHead(head), at: at.toISOString() }));
  for (const anchor of anchors) await store(db, anchor);
  return anchors;
}

/** A tenant's anchors, oldest first. */
export async function listAnchors(db: SqlRunner, tenantId: string): Promise<AuditAnchor[]> {
  const rows = await db.query<AnchorRow[]>(
    `select tenant_id, seq, hash, at, key_id, signature from access.audit_anchor where tenant_id = $1 order by seq`,
    [tenantId],
  );
  return rows.map((row) => ({
    ...toHead(row),
    at: row.at.toISOString(),
    keyId: row.key_id,
    signature: row.signature.toString('hex'),
  }));
}

/** Whether the master key, or one before it, signed exactly this. */
export function isAnchorGenuine(masterKey: MasterKey, anchor: AuditAnchor): boolean {
  return masterKey.isSignature(anchor.keyId, textOf(anchor), Buffer.from(anchor.signature, 'hex'));
}

type Unsigned = Omit<AuditAnchor, 'keyId' | 'signature'>;

function signed(masterKey: MasterKey, anchor: Unsigned): AuditAnchor {
  return { ...anchor, keyId: masterKey.id, signature: masterKey.sign(textOf(anchor)).toString('hex') };
}

function textOf({ tenantId, seq, hash, at }: Unsigned): string {
  return canonicalJson({ tenantId, seq, hash, at });
}

function toHead(row: { tenant_id: string; seq: string; hash: Buffer }): Omit<Unsigned, 'at'> {
  return { tenantId: row.tenant_id, seq: Number(row.seq), hash: row.hash.toString('hex') };
}

async function store(db: SqlRunner, anchor: AuditAnchor): Promise<void> {
  // Another replica may have signed the same head in this moment.
  await db.query(
    `insert into access.audit_anchor (tenant_id, seq, hash, at, key_id, signature) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [anchor.tenantId, anchor.seq, Buffer.from(anchor.hash, 'hex'), anchor.at, anchor.keyId, Buffer.from(anchor.signature, 'hex')],
  );
}
