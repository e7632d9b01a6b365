import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What tells one process from a later one with the same pid. */
export interface ProcessIdentity {
  readonly startedAt: string;
  readonly commandLine: string;
}

/** Reads a living process's identity; null when there is no such process (a zombie counts as none). */
export function identifyProcess(pid: number): ProcessIdentity | null {
  try {
    return process.platform === 'linux' ? readProc(pid) : readPs(pid);
  } catch {
    return null; // neither /proc entry nor ps row: the process is gone
  }
}

function readProc(pid: number): ProcessIdentity | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; the fields after it are fixed: state is the 1st, start time the 20th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return null;
  const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  return { startedAt: fields[19] ?? '', commandLine };
}

function readPs(pid: number): ProcessIdentity | null {
  const row = execFileSync('ps', ['-ww', '-o', 'lstart=', '-o', 'command=', '-p', String(pid)], {
    encoding: 'utf8',
  }).trim();
  return row === '' ? null : { startedAt: row.slice(0, 24), commandLine: row.slice(24).trim() };
}

/** True while the process that had this identity still lives under this pid. */
export function isSameProcess(pid: number, startedAt: string, marker: string): boolean {
  const identity = identifyProcess(pid);
  return identity !== null && identity.startedAt === startedAt && identity.commandLine.includes(marker);
}
