import { createHash } from 'node:crypto';
import { seal, unseal } from './envelope.js';

const keyLength = 32;

/** The key that wraps every connection's data key. It lives outside the database and never leaves the process. */
export class MasterKey {
  /** Names the key without telling anything of it; stored beside whatever it wrapped. */
  readonly id: string;
  readonly #key: Buffer;

  /** @throws RangeError unless the key has 32 bytes. */
  constructor(key: Buffer) {
    if (key.length !== keyLength) throw new RangeError(`A master key has ${keyLength} bytes, this one ${key.length}`);
    this.#key = Buffer.from(key);
    this.id = createHash('sha256').update('trueup master key').update(key).digest('hex').slice(0, 16);
  }

  /** @throws RangeError unless the text is base64 of 32 bytes. */
  static fromBase64(text: string): MasterKey {
    return new MasterKey(Buffer.from(text.trim(), 'base64'));
  }

  wrap(dataKey: Buffer, context: readonly string[]): Buffer {
    return seal(this.#key, dataKey, [this.id, ...context]);
  }

  /** @throws SealBroken when another key, or the same key elsewhere, wrapped it. */
  unwrap(wrapped: Buffer, context: readonly string[]): Buffer {
    return unseal(this.#key, wrapped, [this.id, ...context]);
  }

  toJSON(): string {
    return '[secret]';
  }
}
