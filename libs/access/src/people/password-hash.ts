import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** What one hash costs: KiB of memory, passes over it, lanes. OWASP's smallest choice for argon2id. */
interface Cost {
  memory: number;
  passes: number;
  parallelism: number;
}

const current: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const hashLength = 32;
const saltLength = 16;
const derive = promisify(argon2);

/** Whether a password is right, and whether its hash is cheaper than those made now. */
export interface PasswordVerdict {
  isRight: boolean;
  isOutdated: boolean;
}

/** The password's argon2id hash with salt and cost, as a PHC string. */
export async function hashPassword(password: string, cost: Cost = current): Promise<string> {
  const salt = randomBytes(saltLength);
  const hash = await derived(password, salt, cost, hashLength);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${toText(salt)}$${toText(hash)}`;
}

/** Compares in constant time. Without a stored hash the same work is done for nothing, so that nobody can tell by the clock. */
export async function verifyPassword(stored: string | null, password: string): Promise<PasswordVerdict> {
  const parsed = stored === null ? null : parse(stored);
  const { salt, hash, cost } = parsed ?? { salt: Buffer.alloc(saltLength), hash: Buffer.alloc(hashLength), cost: current };
  const given = await derived(password, salt, cost, hash.length);
  const isRight = timingSafeEqual(given, hash) && parsed !== null;
  return { isRight, isOutdated: isRight && isCheaper(cost) };
}

async function derived(password: string, salt: Buffer, cost: Cost, tagLength: number): Promise<Buffer> {
  // The same letters can come composed or decomposed, depending on the keyboard.
  const message = Buffer.from(password.normalize('NFKC'), 'utf8');
  return derive('argon2id', { message, nonce: salt, tagLength, ...cost });
}

function parse(stored: string): { salt: Buffer; hash: Buffer; cost: Cost } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored);
  if (!match) throw new Error('A stored password hash is no argon2id PHC string');
  const [memory, passes, parallelism] = match.slice(1, 4).map(Number) as [number, number, number];
  const [salt, hash] = match.slice(4).map((text) => Buffer.from(text, 'base64')) as [Buffer, Buffer];
  return { salt, hash, cost: { memory, passes, parallelism } };
}

function isCheaper({ memory, passes, parallelism }: Cost): boolean {
  return memory < current.memory || passes < current.passes || parallelism < current.parallelism;
}

function toText(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
