import { Secret } from '@trueup/service';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { readLocalCard, type LocalCard } from './local-card.js';

export interface TargetFlags {
  apiUrl?: string;
  ingestUrl?: string;
  token?: string;
}

/** Where a command goes and with which token. A part that nobody named is null. */
export interface Target {
  apiUrl: string | null;
  ingestUrl: string | null;
  apiToken: Secret | null;
  eventsToken: Secret | null;
  /** Set when the addresses are those of the local runtime. */
  card: LocalCard | null;
}

/**
 * Flags win over the environment, and both over the card of a local runtime. Tokens and addresses stay together: the card's tokens go
 * to the card's addresses alone, and a token of the environment never goes to an address that a file in the current folder names.
 */
export function readTarget(flags: TargetFlags, env: NodeJS.ProcessEnv, folder: string): Target {
  const apiUrl = address('--api-url', flags.apiUrl || env['TRUEUP_API_URL']);
  const ingestUrl = address('--ingest-url', flags.ingestUrl || env['TRUEUP_INGEST_URL']);
  const isNamed = apiUrl !== null || ingestUrl !== null;
  const card = isNamed ? null : readLocalCard(env, folder);
  const given = secretOf(flags.token || (card ? undefined : env['TRUEUP_TOKEN']));
  return {
    apiUrl: apiUrl ?? withoutSlash(card?.apiUrl),
    ingestUrl: ingestUrl ?? withoutSlash(card?.ingestUrl),
    apiToken: given ?? secretOf(card?.tokens.admin),
    eventsToken: given ?? secretOf(card?.tokens.events),
    card,
  };
}

function address(flag: string, text: string | undefined): string | null {
  if (!text) return null;
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new Failure(EXIT.usage, `${flag}: "${text}" is no address`, {
      remedy: 'Give an address such as https://trueup.example.com',
    });
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new Failure(EXIT.usage, `${flag} must hold neither credentials nor a query`, {
      remedy: 'Give the token by TRUEUP_TOKEN',
    });
  }
  return withoutSlash(url.href);
}

function withoutSlash(url: string | null | undefined): string | null {
  return url?.replace(/\/+$/, '') ?? null;
}

function secretOf(text: string | undefined): Secret | null {
  const token = text?.trim();
  if (!token) return null;
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Failure(EXIT.usage, 'The token holds characters that no token has');
  return new Secret(token);
}
