import { createHash } from 'node:crypto';

/** Who acted: a person in the console, or the token of a program. */
export interface AuditActor {
  kind: 'person' | 'token';
  id: string;
  name: string;
}

/** One act as it is told: what was done to what, by whom. Never hand it a secret's value: it is kept for good. */
export interface Act {
  tenantId: string;
  at: Date;
  actor: AuditActor;
  /** Dotted, such as `connections.mode.put`. */
  action: string;
  /** The ids that the act names or made. */
  subject: Readonly<Record<string, string>>;
  /** What was asked for; JSON. */
  details: unknown;
  requestId: string;
}

/** An act in its place in the tenant's chain. */
export interface AuditEntry extends Omit<Act, 'at'> {
  seq: number;
  /** RFC 3339 */
  at: string;
}

/** The hash before the first entry. */
export const CHAIN_START: Buffer = Buffer.alloc(32);

/** sha256(previous hash + canonical JSON): every entry vouches for all before it. */
export function hashOfEntry(previousHash: Buffer, content: string): Buffer {
  return createHash('sha256').update(previousHash).update(content, 'utf8').digest();
}
