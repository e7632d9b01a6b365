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
  if (!isStepUp || isAtTestHost(connection.baseUrl, testHosts)) return;
  throw new ProblemError('not-allowed-yet', 'A connection to a real PSA steps up only with proof; until then it observes.', [
    { pointer: '/mode', detail: 'Missing: a plan previewed without problems' },
    { pointer: '/mode', detail: `Missing: a connector of tier Gold for ${connection.kind}` },
  ]);
}

/** What was earned at a test host does not travel to a real PSA: a connection moves there observing. */
export function refuseMoveToRealHost(
  connection: StoredConnection,
  baseUrl: string | null | undefined,
  testHosts: readonly string[],
): void {
  const isMove = baseUrl !== undefined && baseUrl !== connection.baseUrl;
  if (!isMove || connection.mode === 'observe' || isAtTestHost(baseUrl, testHosts)) return;
  const detail = 'A connection moves to a real PSA only while it observes. Set its mode to observe first.';
  throw new ProblemError('not-allowed-yet', detail, [{ pointer: '/baseUrl', detail: `The mode is ${connection.mode}` }]);
}

function isAtTestHost(baseUrl: string | null, testHosts: readonly string[]): boolean {
  const url = baseUrl === null ? null : URL.parse(baseUrl);
  return url !== null && isTestHost(url, testHosts);
}
