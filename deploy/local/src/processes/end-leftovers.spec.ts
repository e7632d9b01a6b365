import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endLeftovers } from './end-leftovers.js';
import { identifyProcess } from './process-identity.js';
import { ProcessJournal } from './process-journal.js';

describe('what a killed runtime left behind', () => {
  let root: string;
  let pid: number;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'trueup-spec-'));
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'left-behind'], { stdio: 'ignore' });
    await new Promise((resolve) => child.once('spawn', resolve));
    pid = child.pid!;
  });
  afterEach(() => {
    if (identifyProcess(pid) !== null) process.kill(pid, 'SIGKILL');
    rmSync(root, { recursive: true });
  });

  it('is ended by the next one', async () => {
    new ProcessJournal(root).add('service/0', pid, 'left-behind');

    expect(await endLeftovers(new ProcessJournal(root))).toEqual(['service/0']);
    expect(identifyProcess(pid)).toBeNull();
  });

  it('is left alone when the pid belongs to a stranger by now', async () => {
    new ProcessJournal(root).add('service/0', pid, 'another-marker');

    expect(await endLeftovers(new ProcessJournal(root))).toEqual([]);
    expect(identifyProcess(pid)).not.toBeNull();
  });

  it('is nothing when the journal cannot be read', async () => {
    writeFileSync(join(root, 'processes.json'), '[{');

    expect(await endLeftovers(new ProcessJournal(root))).toEqual([]);
  });
});
