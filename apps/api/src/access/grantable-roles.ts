import { reachCovers, scopesOf } from '@trueup/access';
import type { Person } from '@trueup/access';
import { ProblemError, notFound } from '../http/problem-error.js';
import type { Principal } from '../http/caller.js';

type Standing = Pick<Person, 'roles' | 'reach'>;

/** Nobody gives more than they hold. */
export function refuseSurplus(caller: Principal, wish: Standing): void {
  const surplus = wish.roles.findIndex((role) => !holdsAll(caller, [role]));
  if (surplus >= 0) throw beyond(`/roles/${surplus}`, 'You can give only roles whose scopes you all hold');
  if (!reachCovers(caller.reach, wish.reach)) throw beyond('/reach', 'You can give only a reach within your own');
}

/** Whoever may change a person could become that person: so only those who hold as much. Out of reach is absent. */
export function refuseHigher(caller: Principal, person: Person | null): Person {
  if (!person || !reachCovers(caller.reach, person.reach)) throw noPerson();
  if (!holdsAll(caller, person.roles)) throw beyond('', 'This person holds scopes that you do not hold');
  return person;
}

export function noPerson(): ProblemError {
  return notFound('There is no such person; GET /v1/people lists them.');
}

function holdsAll(caller: Principal, roles: readonly string[]): boolean {
  return scopesOf(roles).every((scope) => caller.scopes.has(scope));
}

function beyond(pointer: string, detail: string): ProblemError {
  return new ProblemError('missing-scope', 'This would exceed what you hold yourself.', [{ pointer, detail }]);
}
