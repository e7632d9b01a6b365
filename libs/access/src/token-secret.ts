import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomLength = 43; // 43 × log2(62) = 256 bits
const checksumLength = 6; // 62^6 > 2^32

/**
 * A new secret `<prefix>_<43 base62>_<crc>`: 256 random bits and a checksum by which a scanner tells
 * a leaked token from noise without asking anybody.
 */
export function newTokenSecret(prefix = 'tru'): string {
  const body = `${prefix}_${randomBase62(randomLength)}`;
  return `${body}_${checksumOf(body)}`;
}

/** Whether a text has our form and its checksum holds. Says nothing about whether the token exists. */
export function looksLikeTokenSecret(text: string): boolean {
  const end = text.lastIndexOf('_');
  return end > 0 && text.slice(end + 1) === checksumOf(text.slice(0, end));
}

/** What is stored in place of the secret. A fast hash suffices: nobody guesses 256 bits. */
export function hashOfToken(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** The few characters that a list may show, none of a text too short to spare them. */
export function visiblePrefixOf(secret: string): string {
  return secret.length >= 32 ? secret.slice(0, 8) : '';
}

function randomBase62(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 = 4 × 62: larger bytes would favour the first letters.
      if (byte < 248 && text.length < length) text += alphabet[byte % 62];
    }
  }
  return text;
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let place = 0; place < checksumLength; place += 1) {
    text = `${alphabet[rest % 62]}${text}`;
    rest = Math.floor(rest / 62);
  }
  return text;
}
