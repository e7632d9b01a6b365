import { createHash } from 'node:crypto';
import { emailKeyOf } from '@trueup/access';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { DataSource } from 'typeorm';
import { ProblemError } from '../http/problem-error.js';

const windowSeconds = 15 * 60;
const perPerson = 10;
const perAddress = 100;

/** Slows down whoever tries passwords: by the e-mail that is tried, known or not, and by the address that tries. */
export class SignInLimiter {
  readonly #byPerson: RateLimiterPostgres;
  readonly #byAddress: RateLimiterPostgres;

  /** Counts in the database, over all replicas; while it is away, in this process. */
  constructor(db: DataSource) {
    this.#byPerson = limiter(db, 'person', perPerson);
    this.#byAddress = limiter(db, 'address', perAddress);
  }

  /** Counts an attempt before its password is looked at, so that many at once are counted too. */
  async admit(email: string, address: string): Promise<void> {
    try {
      await Promise.all([this.#byPerson.consume(keyOf(email)), this.#byAddress.consume(networkOf(address))]);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const minutes = Math.max(1, Math.ceil(refusal.msBeforeNext / 60_000));
      throw new ProblemError('rate-limited', `Too many attempts to sign in. Try again in ${minutes} min.`);
    }
  }

  /** A right password clears the person's count: mistypes of months do not add up. */
  async forget(email: string): Promise<void> {
    await this.#byPerson.delete(keyOf(email));
  }
}

function limiter(db: DataSource, keyPrefix: string, points: number): RateLimiterPostgres {
  const options = { keyPrefix, points, duration: windowSeconds };
  return new RateLimiterPostgres({
    ...options,
    storeClient: db,
    storeType: 'typeorm',
    schemaName: 'access',
    tableName: 'sign_in_attempt',
    tableCreated: true,
    insuranceLimiter: new RateLimiterMemory(options),
  });
}

/** Whoever has one IPv6 address has the whole /64. */
export function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  if (mapped || !bare.includes(':')) return mapped?.[1] ?? bare;
  const [head = [], tail = []] = bare.split('::').map((part) => part.split(':').filter(Boolean));
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Not the e-mail itself: people type their password into the wrong field. */
function keyOf(email: string): string {
  return createHash('sha256').update(emailKeyOf(email)).digest('base64url');
}
