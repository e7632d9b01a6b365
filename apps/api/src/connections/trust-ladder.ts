import { CONNECTION_MODES } from '@trueup/contracts';
import type { ConnectionMode } from '@trueup/contracts';
import type { StoredConnection } from '@trueup/control';
import { ProblemError } from '../http/problem-error.js';
import { isTestHost } from './base-url.js';

/**
 * Refuses a step up of a connection to a real PSA while there is no proof that it does the right thing: a plan previewed without
 * problems, and a connector that passed the conformance kit. Hosts that the operator lists for tests need neither.
 */
export function refuseUntrusted(connection: StoredConnection, wanted: ConnectionMode, testHosts: readonly string[]): void {
  const isStepUp = CONNECTION_MODES.indexOf(wanted) > CONNECTION_MODES.indexOf(connection.mode);
  const url = connection.baseUrl === null ? null : URL.parse(connection.baseUrl);
  if (!isStepUp || (url && isTestHost(url, testHosts))) return;
  throw new ProblemError('not-allowed-yet', 'A connection to a real PSA steps up only with proof; until then it observes.', [
    { pointer: '/mode', detail: 'Missing: a plan previewed without problems' },
    { pointer: '/mode', detail: `Missing: a connector of tier Gold for ${connection.kind}` },
  ]);
}
