import type { Code, InternalConnection } from '@trueup/contracts';
import type { ClaimedLine } from '../ledger/ledger.js';
import type { WaitsOn } from '../ledger/line-row.js';
import type { SettingsSource } from '../settings/settings-source.js';

/** Why a line may not be worked on now. */
export interface Barred {
  code: Code;
  message: string;
  waitsOn: WaitsOn;
  /** When it is asked again. */
  afterMs: number;
  /** Over in a moment, so nobody is told. */
  isPassing?: boolean;
}

// The reader wakes lines when settings change, but a line that is put to rest at that very moment misses it: it looks again by itself.
const RECHECK_MS = 60_000;
const UNKNOWN_RECHECK_MS = 1_000;
const RETRY_MS = 500;
const PASSING_MS = 100;

/** Whether a change may be worked on by these settings at this moment; asked before the work and again before every write. */
export function barredBy(settings: SettingsSource, line: ClaimedLine, now: Date): Barred | undefined {
  if (!settings.isFresh()) return soon('The settings of the connection could not be read');
  const connection = settings.find(line.connectionId);
  // Made a moment ago, or removed: the settings read do not tell which.
  if (connection === undefined) {
    return { ...untilChanged('SETTINGS_STALE', 'The connection is not among the settings read'), afterMs: UNKNOWN_RECHECK_MS };
  }
  if (line.change.epoch > connection.epoch) return newerThanRead();
  if (line.change.epoch < connection.epoch) return untilChanged('SETTINGS_STALE', 'The settings changed after the release');
  if (connection.state === 'suspended') return untilChanged('SECRETS_INVALID', 'The connection is suspended');
  if (!line.isPreview && !mayWrite(connection, line)) {
    return untilChanged('SETTINGS_STALE', `The connection is in mode ${connection.mode}`);
  }
  const { notAfter } = line.change;
  if (notAfter !== undefined && now > new Date(notAfter))
    return untilChanged('SETTINGS_STALE', `Not to be written after ${notAfter}`);
  return undefined;
}

function mayWrite(connection: InternalConnection, line: ClaimedLine): boolean {
  return connection.mode === 'auto' || (connection.mode === 'approve' && line.change.planId !== undefined);
}

/** Change-control releases at once after a change of settings, the next reading shows them. */
function newerThanRead(): Barred {
  return { ...soon('The change is newer than the settings read'), afterMs: PASSING_MS, isPassing: true };
}

function soon(message: string): Barred {
  return { code: 'SETTINGS_STALE', message, waitsOn: 'retry', afterMs: RETRY_MS };
}

/** Change-control releases the version again, or a person acts; the settings reader wakes the line when they change. */
function untilChanged(code: Code, message: string): Barred {
  return { code, message, waitsOn: 'settings', afterMs: RECHECK_MS };
}
