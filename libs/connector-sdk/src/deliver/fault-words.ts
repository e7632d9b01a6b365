import { BudgetSpent } from '../http/psa-client.js';
import { NoAnswer, PsaRefused } from '../http/http-answer.js';
import { SecretMissing } from '../http/psa.js';
import type { Barred } from './gate.js';
import type { OpenConnection } from './open-connection.js';

const DAY_MS = 86_400_000;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 30_000;

/** What a fault means for the lines that wait on this connection; undefined: it concerns single lines, or is a mistake in our code. */
export function barredByFault(fault: unknown, open: OpenConnection, random: () => number = Math.random): Barred | undefined {
  if (fault instanceof BudgetSpent)
    return { code: 'RATE_LIMITED', message: fault.message, waitsOn: 'limit', afterMs: fault.waitMs };
  if (fault instanceof SecretMissing) return stopped(open, 'SECRET_MISSING', fault.message);
  if (fault instanceof NoAnswer) return barredByNoAnswer(fault, open, random);
  if (fault instanceof PsaRefused) return barredByAnswer(fault, open, random);
  return undefined;
}

function barredByNoAnswer(fault: NoAnswer, open: OpenConnection, random: () => number): Barred {
  switch (fault.fault) {
    case 'blocked':
      return stopped(open, 'CONFIG_INVALID', fault.message);
    case 'breaker-open':
      return breakerOpen(open);
    case 'withheld':
      return { code: 'SETTINGS_STALE', message: fault.message, waitsOn: 'retry', afterMs: 500 };
    case 'unreachable':
    case 'cut':
      return unreachable(fault.message, open, random);
  }
}

function barredByAnswer(fault: PsaRefused, open: OpenConnection, random: () => number): Barred | undefined {
  switch (fault.wasClass) {
    case 'auth':
      return barredByAuth(fault, open);
    case 'moved':
      open.reopen();
      return unreachable(fault.message, open, random);
    case 'limited':
      return { code: 'RATE_LIMITED', message: fault.message, waitsOn: 'limit', afterMs: 1_000 };
    case 'unknown':
      return unreachable(fault.message, open, random);
    case 'refused':
      return undefined;
  }
}

/** A session that worked before may have moved to another address: it is opened once more before the secrets are blamed. */
function barredByAuth(fault: PsaRefused, open: OpenConnection): Barred {
  const isWorthAnother = !open.hasNewSession;
  open.reopen();
  if (isWorthAnother) return { code: 'PSA_UNREACHABLE', message: fault.message, waitsOn: 'retry', afterMs: 200 };
  return stopped(open, 'SECRETS_INVALID', `The PSA does not accept the secrets (${fault.answer.status})`);
}

export function breakerOpen(open: OpenConnection): Barred {
  const afterMs = Math.max(250, open.restLeftMs + 50);
  return { code: 'BREAKER_OPEN', message: 'The PSA fails; nothing is called until it rested', waitsOn: 'breaker', afterMs };
}

function unreachable(message: string, open: OpenConnection, random: () => number): Barred {
  open.failures += 1;
  const longest = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (open.failures - 1));
  return { code: 'PSA_UNREACHABLE', message, waitsOn: 'retry', afterMs: Math.ceil(longest * (0.5 + random() / 2)) };
}

function stopped(open: OpenConnection, code: 'SECRETS_INVALID' | 'SECRET_MISSING' | 'CONFIG_INVALID', message: string): Barred {
  open.stopped = { code, message };
  return barredByStop(open.stopped);
}

/** A connection that is stopped waits for other settings: trying again could lock the PSA's user. */
export function barredByStop(stop: NonNullable<OpenConnection['stopped']>): Barred {
  return { ...stop, waitsOn: 'settings', afterMs: DAY_MS };
}
