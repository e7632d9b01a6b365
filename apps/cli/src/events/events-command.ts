import { type Command, InvalidArgumentError, Option } from 'commander';
import { FILE_FORMATS } from './event-file.js';
import { sendCommand } from './send-command.js';

/** `trueup events …` */
export function addEventsCommands(program: Command): void {
  const events = program.command('events').description('send what happened');
  events
    .command('send')
    .argument('<file>', 'events as ndjson (one per line), as a JSON array, or as CSV with --profile')
    .description('send a file of provisioning events; every line has its fate')
    .addOption(
      new Option('--format <format>', 'how the file is read; otherwise its name and first character tell').choices(FILE_FORMATS),
    )
    .option('--profile <file>', 'mapping profile that makes events of CSV rows')
    .option('--dry-run', 'only check the file here, send nothing')
    .addOption(new Option('--resume', 'go on where an earlier run of this file ended (default)').conflicts('restart'))
    .option('--restart', 'send the whole file, whatever an earlier run noted')
    .option('--concurrency <n>', 'requests under way at the same time; the order of each customer is kept', wholeNumber(1, 32), 4)
    .option('--give-up-after <seconds>', 'end with exit code 5 when ingest was away for so long', wholeNumber(0, 86_400), 600)
    .addHelpText('after', HELP)
    .action(sendCommand);
}

/** A parser of whole numbers within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Must be a whole number from ${least} to ${most}.`);
  };
}

const HELP = `
What happens
  The file is read as a stream and sent in batches within the limits that ingest publishes. When ingest is away or
  asks to wait (429, 503), the same events are sent again: an event is known by its source and id and counts once.
  A line that is not taken is reported with its number and a JSON pointer; the other lines are sent.
  FILE.rejects.ndjson     the lines that were not taken: {"line", "problem", "original"}
  FILE.trueup-progress    how far the file is sent; the same command goes on there, also after a crash

Mapping profile for CSV (JSON; samples in apps/cli/examples)
  {"delimiter": ";",                                       one character; default a comma
   "columns": {"Customer": "subject", "User": "data.userCode", "When": "time", "Change": "type"},
                                                           column title → field, or a list of fields
   "constants": {"source": "urn:my-portal", "data.serviceCode": "MAIL", "data.serviceName": "Mail"},
   "values": {"type": {"add": "trueup.user.service.assigned.v1", "remove": "trueup.user.service.removed.v1"}},
   "time": {"format": "dd/MM/yyyy HH:mm", "timeZone": "Pacific/Auckland"}}
  Fields are the attributes of an event (subject, type, time, source, id, actorid, ticket, …) and data.<member>.
  An empty cell leaves its field out. Time: rfc3339 (default), unix, unix-ms, or a pattern of
  yyyy MM M dd d HH H hh h mm ss SSS a. Without a column for id, a row's id is a hash of profile, line and row:
  sending the same file again counts nothing twice. sourceseq is the line, unless a column fills it.

Examples
  trueup events send today.ndjson
  trueup events send export.csv --profile export.profile.json --dry-run
  jq -r .original today.ndjson.rejects.ndjson > again.ndjson      (mend, then send again)`;
