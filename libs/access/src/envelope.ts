import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;

/** The sealed bytes, the key or the context do not belong together. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/**
 * Encrypts and binds a value to its context (AES-256-GCM, fresh random nonce).
 * Returns nonce, tag and ciphertext in one buffer; the context itself is not stored.
 */
export function seal(key: Buffer, plain: Buffer, context: readonly string[]): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagLength });
  cipher.setAAD(aadOf(context));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/**
 * Opens what `seal` made with the same key and context.
 * @throws SealBroken when a byte, the key or the context differs: a row moved elsewhere stays shut.
 */
export function unseal(key: Buffer, sealed: Buffer, context: readonly string[]): Buffer {
  if (sealed.length < nonceLength + tagLength) throw new SealBroken('The sealed value is cut short');
  const nonce = sealed.subarray(0, nonceLength);
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagLength });
  decipher.setAAD(aadOf(context));
  decipher.setAuthTag(sealed.subarray(nonceLength, nonceLength + tagLength));
  const opened = decipher.update(sealed.subarray(nonceLength + tagLength));
  try {
    return Buffer.concat([opened, decipher.final()]);
  } catch (error) {
    throw new SealBroken('The sealed value does not belong to this key and place', { cause: error });
  }
}

/** JSON keeps the parts apart: ("a", "bc") and ("ab", "c") are two contexts. */
function aadOf(context: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(context), 'utf8');
}
