import { clock } from '@trueup/service';
import type { Command } from 'commander';
import { noAddress, noToken } from '../connect/api-client.js';
import { readMappingProfile } from '../csv/mapping-profile.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { type Column, renderOne } from '../output/render-rows.js';
import type { Terminal } from '../output/terminal.js';
import { type Setting, settingOf } from '../setting.js';
import { checkFile } from './check-file.js';
import { type EventFile, openEventFile } from './event-file.js';
import type { SendOptions } from './send-options.js';
import { IngestClient } from './ingest-client.js';
import { EndlessRecord } from './piece.js';
import { type Progress, ProgressFile } from './progress-file.js';
import { sendFile } from './send-file.js';
import { SendWatcher } from './send-watcher.js';

interface Summary {
  file: string;
  accepted: number;
  duplicate: number;
  rejected: number;
  fromLine: number;
  seconds: number;
  rejectsFile: string | null;
}

const summaryColumns: Column<Summary>[] = [
  { header: 'file', value: ({ file }) => file },
  { header: 'accepted', value: ({ accepted }) => accepted },
  { header: 'duplicate', value: ({ duplicate }) => duplicate },
  { header: 'rejected', value: ({ rejected }) => rejected },
  { header: 'rejects file', value: ({ rejectsFile }) => rejectsFile },
  { header: 'from line', value: ({ fromLine }) => fromLine },
  { header: 'seconds', value: ({ seconds }) => seconds },
];

/** `trueup events send FILE` */
export async function sendCommand(path: string, options: SendOptions, command: Command): Promise<void> {
  const setting = settingOf(command);
  const profile = options.profile === undefined ? undefined : readMappingProfile(options.profile);
  const file = await openEventFile(path, options.format, profile);
  try {
    await (options.dryRun ? check(file, setting.terminal) : send(file, options, setting));
  } catch (error) {
    if (!(error instanceof EndlessRecord)) throw error;
    throw new Failure(EXIT.usage, error.message, {
      remedy: `Mend ${path} there (a quote or bracket without its end), or give --format.`,
    });
  }
}

async function check(file: EventFile, terminal: Terminal): Promise<void> {
  const watcher = new SendWatcher(terminal, { total: file.sizeBytes, offset: 0, settled: 0 });
  const checked = await checkFile(file, clock.now(), (reject) => watcher.reject(reject));
  watcher.end();
  const columns: Column<typeof checked>[] = [
    { header: 'sound', value: ({ sound }) => sound },
    { header: 'rejected', value: ({ rejected }) => rejected },
  ];
  terminal.print(renderOne(terminal.format, checked, columns));
  if (checked.rejected > 0) process.exitCode = EXIT.rejected;
}

async function send(file: EventFile, options: SendOptions, setting: Setting): Promise<void> {
  const { terminal, target } = setting;
  if (!target.ingestUrl) throw noAddress('--ingest-url', 'TRUEUP_INGEST_URL');
  if (!target.eventsToken) throw noToken();
  const isRestart = options.restart === true;
  const watcher = watcherOf(file, isRestart ? null : new ProgressFile(file.path).read(target.ingestUrl, file.reading), terminal);
  const client = clientOf(options, setting, watcher);
  const sent = await sendFile({
    ...{ file, target: target.ingestUrl, lanes: options.concurrency, isRestart, limits: await client.limits() },
    send: (events) => client.send(events),
    onAdvance: (progress) => watcher.advance(progress),
    onReject: (reject) => watcher.reject(reject),
  }).finally(() => watcher.end());
  report(terminal, file, sent, watcher.elapsedMs);
}

/** Begins the bar where an earlier run ended, and reckons the rate by this run alone. */
function watcherOf({ sizeBytes: total }: EventFile, earlier: Progress | null, terminal: Terminal): SendWatcher {
  const { accepted = 0, duplicate = 0, rejected = 0 } = earlier?.counts ?? {};
  return new SendWatcher(terminal, { total, offset: earlier?.offset ?? 0, settled: accepted + duplicate + rejected });
}

function clientOf({ giveUpAfter }: SendOptions, { target, timeoutMs }: Setting, watcher: SendWatcher): IngestClient {
  return new IngestClient({
    ...{ url: target.ingestUrl!, token: target.eventsToken, timeoutMs, giveUpAfterMs: giveUpAfter * 1000 },
    signal: untilInterrupted(),
    onPause: (reason, ms) => watcher.pause(reason, ms),
  });
}

function report(terminal: Terminal, file: EventFile, sent: Awaited<ReturnType<typeof sendFile>>, elapsedMs: number): void {
  const { counts, fromLine, rejectsPath } = sent;
  const rejectsFile = counts.rejected > 0 ? rejectsPath : null;
  const summary: Summary = { file: file.path, ...counts, fromLine, seconds: Math.round(elapsedMs) / 1000, rejectsFile };
  terminal.print(renderOne(terminal.format, summary, summaryColumns));
  if (counts.rejected > 0) process.exitCode = EXIT.rejected;
}

/** Ctrl-C ends the requests under way; what is settled by then is noted. */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () =>
    controller.abort(new Failure(EXIT.interrupted, 'Interrupted; the same command goes on from here')),
  );
  return controller.signal;
}
