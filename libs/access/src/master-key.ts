import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { SealBroken, seal, unseal } from './envelope.js';

const keyLength = 32;

/**
 * The key that wraps every connection's data key and signs the audit's anchors. It lives outside the database and never leaves the
 * process. After a rotation the keys before it still open what they wrapped; new work uses the newest alone.
 */
export class MasterKey {
  /** Names the newest key without telling anything of it; stored beside whatever it wrapped or signed. */
  readonly id: string;
  readonly #keys: ReadonlyMap<string, Buffer>;

  /** @throws RangeError unless every key has 32 bytes. */
  constructor(newest: Buffer, previous: readonly Buffer[] = []) {
    const wrong = [newest, ...previous].find((key) => key.length !== keyLength);
    if (wrong) throw new RangeError(`A master key has ${keyLength} bytes, this one ${wrong.length}`);
    this.id = idOf(newest);
    this.#keys = new Map([...previous, newest].map((key) => [idOf(key), Buffer.from(key)]));
  }

  /** @throws RangeError unless every text is base64 of 32 bytes. */
  static fromBase64(newest: string, previous: readonly string[] = []): MasterKey {
    const [first, ...rest] = [newest, ...previous].map((text) => Buffer.from(text.trim(), 'base64'));
    return new MasterKey(first!, rest);
  }

  /** Whether a key of this id is here. */
  knows(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  /** Wraps with the newest key. */
  wrap(dataKey: Buffer, context: readonly string[]): Buffer {
    return seal(this.#keys.get(this.id)!, dataKey, [this.id, ...context]);
  }

  /** @throws SealBroken when the key is not ours (any more), or when another key, or the same one elsewhere, wrapped it. */
  unwrap(keyId: string, wrapped: Buffer, context: readonly string[]): Buffer {
    const key = this.#keys.get(keyId);
    if (!key) throw new SealBroken(`This needs the master key ${keyId}`);
    return unseal(key, wrapped, [keyId, ...context]);
  }

  /** Signs with a key derived from the newest one, which serves nothing else. */
  sign(text: string): Buffer {
    return signature(this.#keys.get(this.id)!, text);
  }

  /** Whether the named key, if it is ours, signed this text. */
  isSignature(keyId: string, text: string, given: Buffer): boolean {
    const key = this.#keys.get(keyId);
    if (!key) return false;
    const expected = signature(key, text);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  toJSON(): string {
    return '[secret]';
  }
}

function idOf(key: Buffer): string {
  return createHash('sha256').update('trueup master key').update(key).digest('hex').slice(0, 16);
}

function signature(key: Buffer, text: string): Buffer {
  const signingKey = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'trueup audit anchor', keyLength));
  return createHmac('sha256', signingKey).update(text, 'utf8').digest();
}
