import type { PsaAnswer } from '../admin/psa-call.js';
import type { ApiUsers } from './api-users.js';
import type { AutotaskContext } from './autotask-context.js';
import { applicationError } from './refusal.js';

/** Answers zone discovery, the one call without credentials. */
export function zoneInformation({ call, switches }: AutotaskContext, users: ApiUsers): PsaAnswer {
  if (!users.find(parameter(call.query, 'user'))) {
    return applicationError('Zone information could not be determined');
  }
  const body = {
    zoneName: 'Sandbox',
    url: `${call.origin}/${switches.zonePrefix}/ATServicesRest/`,
    webUrl: `${call.origin}/`,
    ci: 123456,
  };
  return { status: 200, body };
}

/** A query parameter by name in any case. */
export function parameter(query: URLSearchParams, name: string): string | null {
  for (const [key, value] of query) if (key.toLowerCase() === name.toLowerCase()) return value;
  return null;
}
