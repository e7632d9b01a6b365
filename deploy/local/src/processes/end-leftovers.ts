import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess } from './process-identity.js';
import type { JournalEntry, ProcessJournal } from './process-journal.js';

const infrastructure = ['postgres', 'kafka', 'redis'];

/** Ends what a killed runtime left behind, services before what they need; answers the names of the ended ones. */
export async function endLeftovers(journal: ProcessJournal): Promise<string[]> {
  const leftovers = journal.leftovers().sort((a, b) => infrastructure.indexOf(a.name) - infrastructure.indexOf(b.name));
  for (const leftover of leftovers) await endLeftover(leftover);
  return leftovers.map((leftover) => leftover.name);
}

async function endLeftover(entry: JournalEntry): Promise<void> {
  // Fast shutdown of PostgreSQL is SIGINT; SIGTERM would wait for its clients.
  const signals = entry.name.startsWith('postgres') ? ['SIGINT', 'SIGKILL'] : ['SIGTERM', 'SIGKILL'];
  for (const signal of signals) {
    if (!isLeft(entry)) return;
    send(entry.pid, signal as NodeJS.Signals);
    for (let waited = 0; waited < 8_000 && isLeft(entry); waited += 50) await sleep(50);
  }
}

function isLeft(entry: JournalEntry): boolean {
  return isSameProcess(entry.pid, entry.startedAt, entry.marker);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it ended by itself meanwhile
  }
}
