import { parseEvent } from '@trueup/contracts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Draft } from '../events/draft.js';
import { openEventFile } from '../events/event-file.js';
import { readMappingProfile } from './mapping-profile.js';

const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const profile = () => readMappingProfile(example('seats.profile.json'));

describe('a CSV file with a mapping profile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trueup-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const drafts = async (text: string): Promise<Draft[]> => {
    const path = join(folder, 'seats.csv');
    writeFileSync(path, text);
    const file = await openEventFile(path, undefined, profile());
    const found: Draft[] = [];
    for await (const piece of file.pieces(0, 1)) found.push(file.draft(piece));
    return found.filter(({ kind }) => kind !== 'blank');
  };
  const head = 'Customer;User;When;Change;Service;Service name;Technician\n';
  const row = 'DOCK-7;ana;03/11/2026 09:15;add;MAIL;Mailbox;Kim\n';

  it('gives sound events for every row of the sample', async () => {
    const file = await openEventFile(example('seats.csv'), undefined, profile());
    const events: unknown[] = [];
    for await (const piece of file.pieces(0, 1)) {
      const draft = file.draft(piece);
      if (draft.kind === 'event') events.push(parseEvent(draft.value));
    }
    expect(events).toEqual([
      {
        event: expect.objectContaining({ subject: 'DOCK-7', sourceseq: '2', time: '2026-11-02T20:15:00.000Z', actorname: 'Kim' }),
      },
      { event: expect.objectContaining({ data: { userCode: 'ben.ito', serviceCode: 'MAIL', serviceName: 'Mailbox' } }) },
      {
        event: expect.objectContaining({
          type: 'trueup.user.service.removed.v1',
          data: { userCode: 'ana.reyes', serviceCode: 'MAIL' },
        }),
      },
    ]);
  });

  it('gives the same ids every time, and equal rows on two lines two ids', async () => {
    const ids = (found: Draft[]) => found.map((draft) => (draft.kind === 'event' ? (draft.value as { id: string }).id : null));
    const [once, again] = [ids(await drafts(head + row + row)), ids(await drafts(head + row + row))];
    expect([again, new Set(once).size]).toEqual([once, 2]);
  });

  it('names column and pointer of a cell that it cannot read, and leaves the other rows', async () => {
    const found = await drafts(`${head}DOCK-7;ana;tomorrow;move;MAIL;Mailbox;Kim\n${row}`);
    expect(found).toMatchObject([
      {
        kind: 'bad',
        problem: {
          code: 'validation-failed',
          errors: [
            { pointer: '/time', column: 'When' },
            { pointer: '/type', column: 'Change' },
          ],
        },
      },
      { kind: 'event' },
    ]);
  });

  it.each([
    ['too few cells', 'DOCK-7;ana\n', 'Must have 7 cells as the first row has, not 2'],
    ['a stray quote', 'DOCK-7;"ana"x;03/11/2026 09:15;add;MAIL;Mailbox;Kim\n', expect.stringContaining('quotes')],
  ])('refuses a row with %s alone', async (_, broken, detail) => {
    expect(await drafts(head + broken + row)).toMatchObject([
      { kind: 'bad', problem: { errors: [{ detail }] } },
      { kind: 'event' },
    ]);
  });

  it('is refused as a whole when a column of the profile is missing', async () => {
    await expect(drafts('Customer;User\nDOCK-7;ana\n')).rejects.toThrow('has no column "When", "Change"');
  });

  it('is refused when the profile names a field that no event has', () => {
    const path = join(folder, 'profile.json');
    writeFileSync(path, JSON.stringify({ columns: { A: 'data.__proto__', B: 'subjekt' } }));
    expect(() => readMappingProfile(path)).toThrow('has faults');
  });
});
