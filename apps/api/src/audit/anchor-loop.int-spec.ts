import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { MasterKey, verifyAudit } from '@trueup/access';
import { createLogger } from '@trueup/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';
import { AnchorFile } from './anchor-file.js';
import { anchorOnce } from './anchor-loop.js';

let api: StartedApi;
let folder: string;
beforeAll(async () => {
  api = await StartedApi.start();
  folder = await mkdtemp(join(tmpdir(), 'trueup-anchors-'));
});
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

describe('anchoring', () => {
  it('keeps in a file what the database could be made to forget', async () => {
    const masterKey = new MasterKey(randomBytes(32));
    const anchorFile = join(folder, 'anchors.ndjson');
    const logger = createLogger('api-test', 'fatal');
    const anchor = () => anchorOnce({ db: api.db, masterKey, logger, now: () => api.now, anchorFile });
    await api.connection();
    await anchor();
    await anchor();
    const kept = await new AnchorFile(anchorFile).read();
    await api.db.query(`begin; set local session_replication_role = replica;
      delete from access.audit_entry; delete from access.audit_anchor; delete from access.audit_head; commit`);
    const verdict = await verifyAudit(api.db, masterKey, api.tenantId, kept);
    expect((await readFile(anchorFile, 'utf8')).trimEnd().split('\n')).toHaveLength(1);
    expect(verdict.firstFault).toEqual({ seq: 1, detail: 'Missing: a signed anchor knows 1 entries' });
  });

  it('has nothing to say before there is a file', async () => {
    expect(await new AnchorFile(join(folder, 'absent')).read()).toEqual([]);
  });
});
