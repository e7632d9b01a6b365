import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PsaCall } from '../admin/psa-call.js';
import type { Entity } from './entities/entity.js';
import { applicationError, Refusal } from './refusal.js';

export const apiUserSchema = z.strictObject({
  userName: z.string().min(1),
  secret: z.string().min(1),
  integrationCode: z.string().min(1),
  /** A level that may not see contracts: queries of them come back empty. */
  restricted: z.boolean().default(false),
});

export type ApiUser = z.infer<typeof apiUserSchema>;

/** Whether the user's level shows nothing of an entity. */
export function isHiddenFrom(user: ApiUser | undefined, { isAboutContracts }: Entity): boolean {
  return isAboutContracts && user?.restricted === true;
}

/** The API users of the pretended tenant and their bad tries. */
export class ApiUsers {
  readonly #badTries = new Map<string, number>();

  constructor(readonly list: readonly ApiUser[]) {}

  find(userName: string | null | undefined): ApiUser | undefined {
    const wanted = userName?.toLowerCase();
    return this.list.find((user) => user.userName.toLowerCase() === wanted);
  }

  /** The user whose three secrets the call carries, or the API's several ways of saying no. */
  signIn({ headers }: PsaCall, lockAfterBadLogins: number): ApiUser {
    const { username, secret, apiintegrationcode } = headers;
    if (!username || !secret) throw unauthorized();
    const user = this.find(username);
    if (!user) throw new Refusal(applicationError('Zone information could not be determined'));
    this.#checkSecret(user, secret, lockAfterBadLogins);
    if (apiintegrationcode !== user.integrationCode) {
      throw new Refusal(applicationError('IntegrationCode is invalid'));
    }
    return user;
  }

  #checkSecret({ userName, secret }: ApiUser, given: string, lockAfterBadLogins: number): void {
    const tries = this.#badTries.get(userName) ?? 0;
    const isLocked = lockAfterBadLogins > 0 && tries >= lockAfterBadLogins;
    if (!isLocked && given === secret) {
      this.#badTries.delete(userName);
      return;
    }
    this.#badTries.set(userName, tries + 1);
    throw unauthorized();
  }
}

/** The API user that a call names, with a fingerprint of its secret: enough to tell an old secret from a new one. */
export function callerOf({ headers }: PsaCall): string | undefined {
  const { username, secret } = headers;
  if (!username) return undefined;
  return `${username}#${createHash('sha256')
    .update(secret ?? '')
    .digest('hex')
    .slice(0, 12)}`;
}

/** 401 with an empty body: the API does not say which of the secrets it was. */
export function unauthorized(): Refusal {
  return new Refusal({ status: 401 });
}
