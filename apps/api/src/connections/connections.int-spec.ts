import { recordCheckAnswer } from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
beforeAll(async () => {
  api = await StartedApi.start();
});
afterAll(() => api.stop());

const canary = 'canary-9d1e77';
const commands = () =>
  api.db.query<{ kind: string; payload: { connectionId?: string } }[]>('select kind, payload from control.command');
const internal = (token = 'the-service-token') => api.call('/internal/v1/connections', { token });

describe('connections', () => {
  it('begin in observe with default settings', async () => {
    const made = await api.call('/v1/connections', {
      method: 'POST',
      body: { kind: 'autotask', label: 'Main', baseUrl: 'http://127.0.0.1:9' },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ id: expect.stringMatching(/^con_/), mode: 'observe', secretsSet: [], state: 'ready' });
    expect((await api.call(`/v1/connections/${made.body.id}`)).body).toEqual(made.body);
  });

  it('are made once per Idempotency-Key', async () => {
    const call = {
      method: 'POST',
      body: { kind: 'autotask', label: 'Once', baseUrl: 'http://127.0.0.1:9' },
      headers: { 'idempotency-key': 'k' },
    };
    const answers = await Promise.all([api.call('/v1/connections', call), api.call('/v1/connections', call)]);
    expect(answers[0]!.body).toEqual(answers[1]!.body);
  });

  it.each(['http://10.0.0.1', 'https://169.254.169.254', 'https://localhost', 'nonsense'])(
    'refuse to point at %s',
    async (baseUrl) => {
      const made = await api.call('/v1/connections', { method: 'POST', body: { kind: 'autotask', label: 'x', baseUrl } });
      expect([made.status, made.body.errors[0].pointer]).toEqual([422, '/baseUrl']);
    },
  );

  it('keep their secrets from every answer and row, and show them to their connector', async () => {
    const id = await api.connection();
    const put = await api.call(`/v1/connections/${id}/secrets`, { method: 'PUT', body: { UserName: 'u', Secret: canary } });
    const answers = [put, await api.call(`/v1/connections/${id}`), await api.call('/v1/connections')];
    const dump = await api.db
      .query(`select t::text from access.connection_secret t union all select t::text from control.connection t
      union all select t::text from control.command t union all select t::text from access.idempotent_answer t`);
    const seen = (await internal()).body.connections.find((row: { id: string }) => row.id === id);
    expect(put.body).toEqual({ secretsSet: ['Secret', 'UserName'] });
    expect(answers.some((answer) => answer.text.includes(canary))).toBe(false);
    expect(JSON.stringify(dump).includes(canary) || JSON.stringify(dump).includes(Buffer.from(canary).toString('hex'))).toBe(
      false,
    );
    expect(seen).toMatchObject({ secrets: { UserName: 'u', Secret: canary }, timeZone: 'UTC', graceHours: 1, epoch: 2 });
  });

  it('name a secret that their kind does not know', async () => {
    const id = await api.connection();
    const put = await api.call(`/v1/connections/${id}/secrets`, { method: 'PUT', body: { Username: 'u' } });
    expect([put.status, put.body.errors[0].pointer]).toEqual([422, '/Username']);
  });

  it('stay shut when the sealed rows of two connections are swapped', async () => {
    const ids = [await api.connection(), await api.connection()];
    for (const id of ids) await api.call(`/v1/connections/${id}/secrets`, { method: 'PUT', body: { Secret: `s-${id}` } });
    await api.db.query(
      `update access.connection_secret t set sealed_value = s.sealed_value from access.connection_secret s
       where s.connection_id = $1 and t.connection_id = $2`,
      ids,
    );
    const seen = (await internal()).body.connections as { id: string; secrets: object }[];
    const shown = ids.map((id) => seen.find((row) => row.id === id)?.secrets);
    expect(shown).toEqual([{ Secret: `s-${ids[0]}` }, {}]);
  });

  it('are shown only to service tokens', async () => {
    const answers = [
      await internal('the-admin-token'),
      await internal('wrong'),
      await api.call('/v1/connections', { token: 'the-service-token' }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401]);
  });
});

describe('the mode', () => {
  it('steps up at once on a test host and answers a step down after one lease', async () => {
    const id = await api.connection();
    const up = await api.call(`/v1/connections/${id}/mode`, { method: 'PUT', body: { mode: 'auto' } });
    const startedAtMs = performance.now();
    const down = await api.call(`/v1/connections/${id}/mode`, { method: 'PUT', body: { mode: 'observe' } });
    const raised = (await commands()).filter((row) => row.kind === 'epoch-raised' && row.payload.connectionId === id);
    expect([up.status, up.body.mode, up.body.epoch, down.body.mode, down.body.epoch]).toEqual([200, 'auto', 2, 'observe', 3]);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(300);
    expect(raised).toHaveLength(2);
  });

  it('does not step up on a real host, and says what is missing', async () => {
    const made = await api.call('/v1/connections', {
      method: 'POST',
      body: { kind: 'autotask', label: 'Real', baseUrl: 'https://webservices5.autotask.net' },
    });
    const up = await api.call(`/v1/connections/${made.body.id}/mode`, { method: 'PUT', body: { mode: 'auto' } });
    expect([up.status, up.body.code, up.body.errors.length]).toEqual([409, 'not-allowed-yet', 2]);
    expect((await api.call(`/v1/connections/${made.body.id}`)).body.mode).toBe('observe');
  });
});

describe('an address', () => {
  const patch = (id: string, body: object) => api.call(`/v1/connections/${id}`, { method: 'PATCH', body });

  it('raises the epoch when it changes, and only then', async () => {
    const id = await api.connection();
    const same = await patch(id, { baseUrl: 'http://127.0.0.1:9', label: 'Renamed' });
    const other = await patch(id, { baseUrl: 'http://127.0.0.1:10' });
    expect([same.body.label, same.body.epoch, other.body.epoch]).toEqual(['Renamed', 1, 2]);
  });

  it('moves to a real PSA only while the connection observes', async () => {
    const id = await api.connection();
    await api.call(`/v1/connections/${id}/mode`, { method: 'PUT', body: { mode: 'auto' } });
    const real = 'https://webservices5.autotask.net';
    const refused = [await patch(id, { baseUrl: real }), await patch(id, { baseUrl: null })];
    await api.call(`/v1/connections/${id}/mode`, { method: 'PUT', body: { mode: 'observe' } });
    const moved = await patch(id, { baseUrl: real });
    expect([refused.map((answer) => answer.status), moved.status, moved.body.mode]).toEqual([[409, 409], 200, 'observe']);
  });
});

describe('a check', () => {
  it('answers what the connector found', async () => {
    const id = await api.connection();
    const asked = api.call(`/v1/connections/${id}/check`, { method: 'POST' });
    const findings = [{ code: 'SECRETS_INVALID' as const, level: 'Error' as const, message: 'refused' }];
    await new Promise((resolve) => setTimeout(resolve, 100));
    const number = (await internal()).body.connections.find((row: { id: string }) => row.id === id).checkRequested;
    await recordCheckAnswer(api.db, { tenantId: api.tenantId, connectionId: id, number, findings, at: api.now });
    const answer = await asked;
    expect([answer.status, answer.body.findings]).toEqual([200, findings]);
  });

  it('answers 202 when no connector is there', async () => {
    const id = await api.connection();
    const answer = await api.call(`/v1/connections/${id}/check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.body]).toEqual([202, { checkRequested: 1 }]);
  });
});

describe('a connection that ends with its units taken out of the PSA', () => {
  const remove = (id: string) => api.call(`/v1/connections/${id}?onRemove=zero`, { method: 'DELETE' });

  it('writes, and goes once nothing is left there', async () => {
    const id = await api.connection();
    expect((await remove(id)).status).toBe(409);
    await api.db.query(`update control.connection set mode = 'auto' where id = $1`, [id]);
    await api.db.query(
      `insert into control.agreement_line (connection_id, agreement_line_key, tenant_id, line_ref, billing_identifier, agreement_ref,
         product_ref, site_ref, sku, state, version, delivered_version, change)
       values ($1, 'al_left', $2, 'r', '7', '', '42', '', 'E3', 'delivered', 1, 1, '{"steps": [{"from": "2026-11-01", "quantity": "4"}]}')`,
      [id, api.tenantId],
    );
    const asked = await remove(id);
    expect([asked.status, asked.body]).toEqual([202, { linesLeft: 1 }]);
    await api.db.query(
      `update control.agreement_line set change = jsonb_set(change, '{steps,0,quantity}', '"0"') where connection_id = $1`,
      [id],
    );
    expect([(await remove(id)).status, (await api.call(`/v1/connections/${id}`)).status]).toEqual([204, 404]);
  });
});

describe('a deleted connection', () => {
  it('is gone from every list, with its secrets', async () => {
    const id = await api.connection();
    await api.call(`/v1/connections/${id}/secrets`, { method: 'PUT', body: { Secret: 'x' } });
    const removed = await api.call(`/v1/connections/${id}`, { method: 'DELETE' });
    const [row] = await api.db.query<{ count: string }[]>(
      'select count(*) from access.connection_secret where connection_id = $1',
      [id],
    );
    expect([removed.status, (await api.call(`/v1/connections/${id}`)).status, row!.count]).toEqual([204, 404, '0']);
    expect((await internal()).text).not.toContain(id);
  });
});
