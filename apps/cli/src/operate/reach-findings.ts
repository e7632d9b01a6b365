import { SCOPES } from '@trueup/contracts';
import { clock } from '@trueup/service';
import { remedyOf } from '../connect/refusal.js';
import type { Setting } from '../setting.js';
import type { ServiceQuestions } from './ask-service.js';
import { failing, type Finding, note, ok, skipped } from './finding.js';

const LARGEST_SKEW_MS = 60_000;
const WARN_DAYS = 14;
const DAY_MS = 86_400_000;
const LOOPBACK = /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/;

interface Me {
  tokenId: string;
  label: string;
  tenant: { name: string };
  scopes: string[];
  reach: unknown;
  expiresAt?: string | null;
}

/** Whether the api answers, over a safe way, with a clock like ours, and what the token is good for. */
export async function apiFindings(questions: ServiceQuestions, { target }: Setting): Promise<Finding[]> {
  const url = target.apiUrl;
  if (url === null) return [failing('api', 'no address is known', 'Give --api-url or TRUEUP_API_URL.')];
  const answer = await questions.ask('/v1/me');
  if ('unreachable' in answer)
    return [failing('api', `${url} cannot be reached: ${answer.unreachable}`, 'Check the address, DNS and firewall.')];
  const found = [ok('api', `${url} answers`), ...safety('api', url), skewOf(answer.headers.get('date'))];
  if (target.apiToken === null) return [...found, failing('token', 'none is known', 'Give TRUEUP_TOKEN.')];
  if (answer.status === 200) return [...found, ...(await tokenFindings(questions, answer.body as Me))];
  if (answer.status === 401) return [...found, failing('token', 'unknown, deleted or expired', remedyOf('unauthenticated')!)];
  return [
    ...found,
    failing(
      'token',
      `/v1/me answered ${answer.status}`,
      'Check that the address is the api of Trueup, not a proxy or another service.',
    ),
  ];
}

/** Whether ingest answers, and what one request may carry. */
export async function ingestFindings(questions: ServiceQuestions, { target }: Setting): Promise<Finding[]> {
  const url = target.ingestUrl;
  if (url === null) return [skipped('ingest', 'no address is known (--ingest-url)')];
  const answer = await questions.askIngest();
  if ('unreachable' in answer)
    return [failing('ingest', `${url} cannot be reached: ${answer.unreachable}`, 'Check the address, DNS and firewall.')];
  const { maxEvents, maxBodyBytes } = answer.body as Record<string, number>;
  if (answer.status !== 200 || !maxEvents)
    return [failing('ingest', `${url} answered ${answer.status}`, 'Check that the address is that of ingest.')];
  return [ok('ingest', `${url} takes ${maxEvents} events or ${maxBodyBytes} bytes per request`), ...safety('ingest', url)];
}

/** The version that the api's own description names. */
export function versionFindings(questions: ServiceQuestions): Promise<Finding[]> {
  return questions.judge<{ info?: { version?: string } }>('api version', '/v1/openapi.json', ({ info }) =>
    info?.version ? ok('api version', info.version) : skipped('api version', 'the description names none'),
  );
}

function safety(check: string, url: string): Finding[] {
  if (url.startsWith('https:') || LOOPBACK.test(url)) return [];
  return [failing(`${check} over https`, 'tokens travel in clear text', 'Use an https address.')];
}

function skewOf(date: string | null): Finding {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return skipped('clock', 'the api sends no Date');
  const skewMs = Math.abs(clock.now().getTime() - theirs);
  if (skewMs <= LARGEST_SKEW_MS) return ok('clock', 'agrees with the api within a minute');
  const detail = `differs from the api's by ${Math.round(skewMs / 1000)} s`;
  return failing('clock', detail, 'Set the clock by NTP: events more than five minutes ahead are refused.');
}

async function tokenFindings(questions: ServiceQuestions, me: Me): Promise<Finding[]> {
  const reach = me.reach === 'tenant' ? 'the whole tenant' : JSON.stringify(me.reach);
  const found = [ok('token', `"${me.label}" of ${me.tenant.name}, reaching ${reach}`)];
  const missing = SCOPES.filter((scope) => scope !== 'tenants:admin' && !me.scopes.includes(scope));
  found.push(
    missing.length === 0 ? ok('scopes', 'all') : note('scopes', me.scopes.join(' '), `It may not: ${missing.join(' ')}.`),
  );
  return [...found, ...expiryFindings(await expiryOf(questions, me))];
}

async function expiryOf(questions: ServiceQuestions, me: Me): Promise<string | null | undefined> {
  if (me.expiresAt !== undefined) return me.expiresAt;
  const answer = await questions.ask('/v1/tokens?limit=1000');
  if (!('status' in answer) || answer.status !== 200) return undefined;
  return (answer.body as { data: { id: string; expiresAt: string | null }[] }).data.find(({ id }) => id === me.tokenId)
    ?.expiresAt;
}

function expiryFindings(expiresAt: string | null | undefined): Finding[] {
  if (expiresAt === undefined) return [skipped('token expiry', 'the token may not see it')];
  if (expiresAt === null) return [ok('token expiry', 'never')];
  const daysLeft = (Date.parse(expiresAt) - clock.now().getTime()) / DAY_MS;
  if (daysLeft > WARN_DAYS) return [ok('token expiry', expiresAt)];
  return [
    note(
      'token expiry',
      `${expiresAt}, in ${Math.max(0, Math.floor(daysLeft))} days`,
      'Make a new one in time: "trueup tokens create".',
    ),
  ];
}
