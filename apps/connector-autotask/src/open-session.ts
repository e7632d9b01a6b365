import {
  PsaRefused,
  classifyAnswer,
  type ConnectionSettings,
  type Http,
  type HttpAnswer,
  type Session,
} from '@trueup/connector-sdk';

const DISCOVERY_HOST = 'https://webservices.autotask.net';
const VERSION = '/V1.0';
const API_PATH = '/ATServicesRest';

/** Finds the tenant's zone and authenticates with three headers; nothing expires, and no call is needed to log in. */
export async function openSession(settings: ConnectionSettings, http: Http): Promise<Session> {
  return {
    baseUrl: await findBase(settings, http),
    headers: {
      UserName: http.secret('UserName'),
      Secret: http.secret('Secret'),
      ApiIntegrationCode: http.secret('ApiIntegrationCode'),
    },
  };
}

async function findBase(settings: ConnectionSettings, http: Http): Promise<string> {
  const configured = http.baseUrl?.replace(/\/+$/, '');
  if (configured !== undefined && /\/atservicesrest(\/|$)/i.test(configured)) return withVersion(configured);
  const host = configured ?? DISCOVERY_HOST;
  const user = settings.zoneUser ?? http.secret('UserName').reveal();
  const answer = await http.get(`${host}/atservicesrest/v1.0/zoneInformation?user=${encodeURIComponent(user)}`);
  // Another double of Autotask may have the API alone.
  if (answer.status === 404 && configured !== undefined) return withVersion(`${configured}${API_PATH}`);
  return withVersion(zoneUrlOf(answer));
}

function zoneUrlOf(answer: HttpAnswer): string {
  const { url } = (answer.body ?? {}) as { url?: unknown };
  if (answer.status === 200 && typeof url === 'string') return url.replace(/\/+$/, '');
  const isUserUnknown = answer.text.includes('Zone information could not be determined');
  const meaning = isUserUnknown ? 'auth' : classifyAnswer(answer);
  throw new PsaRefused(
    meaning === 'ok' ? 'unknown' : meaning,
    answer,
    `Zone discovery: ${answer.status} ${answer.text.slice(0, 200)}`,
  );
}

function withVersion(base: string): string {
  return /\/v\d+(\.\d+)?$/i.test(base) ? base : `${base}${VERSION}`;
}
