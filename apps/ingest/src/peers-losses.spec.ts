import { eventFingerprint, type ProvisioningEvent } from '@trueup/contracts';
import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IngestAnswer } from './ingest-answer.js';
import { BATCH, holder, type IngestInMemory, ingestInMemory, send, SINGLE } from './ingest-in-memory.behaviour.js';
import { sampleEvent } from './sample-events.behaviour.js';

// Each title names a loss of billing data that users of another product reported, and what must not happen here.
describe('what others lost on the way in', () => {
  let ingest: IngestInMemory;

  beforeEach(async () => {
    ingest = await ingestInMemory();
  });
  afterEach(() => ingest.app.close());

  const post = (payload: unknown, contentType = SINGLE, headers: Record<string, string> = {}) =>
    send(ingest, payload, contentType, headers);
  const fateOf = async (payload: unknown): Promise<string> => {
    const [result] = (await post(payload)).json<IngestAnswer>().results ?? [];
    return result?.problem?.code ?? result?.status ?? 'refused';
  };
  const store = (event: Record<string, unknown>) =>
    ingest.store.events.push({
      source: String(event['source']),
      id: String(event['id']),
      fingerprint: eventFingerprint(event as unknown as ProvisioningEvent),
    });

  it('OM 5118: an id claimed before a failed write is not answered as accepted on retry', async () => {
    ingest.log.breakDown(new Error('no broker'));
    const refused = await post(sampleEvent());
    ingest.log.breakDown(null);
    const retried = await post(sampleEvent());

    expect([refused.statusCode, retried.statusCode, retried.json<IngestAnswer>().accepted]).toEqual([503, 202, 1]);
    expect(ingest.written().map(({ headers }) => headers['ce_id'])).toEqual(['e-1']);
  });

  it('OM 4902: an event that the store does not hold yet is never told as seen, so that 77 s of usage cannot vanish', async () => {
    const fates = [await fateOf(sampleEvent()), await fateOf(sampleEvent())];
    store(sampleEvent());
    fates.push(await fateOf(sampleEvent()));

    expect(fates).toEqual(['accepted', 'accepted', 'duplicate']);
    expect(ingest.written()).toHaveLength(2);
  });

  it('OM 4902: nothing is told as accepted or seen while the store cannot be asked', async () => {
    ingest.store.isAway = true;
    const away = await post(sampleEvent());
    ingest.store.isAway = false;

    expect([away.statusCode, ingest.written().length]).toEqual([503, 0]);
    expect(await fateOf(sampleEvent())).toBe('accepted');
  });

  it('LA 4725/5416/5359: of two bodies under one id the first wins, and the other is told as a conflict, not counted beside it', async () => {
    const other = sampleEvent({ subject: 'CUST-2' });
    const together = await post([sampleEvent(), other], BATCH);
    store(sampleEvent());
    const later = await post(other);

    const codes = together.json<IngestAnswer>().results.map(({ status, problem }) => problem?.code ?? status);
    expect(codes).toEqual(['accepted', 'event-conflict']);
    expect([later.statusCode, later.json<IngestAnswer>().results[0]!.problem?.code]).toEqual([422, 'event-conflict']);
    expect(ingest.written().map(({ key }) => key)).toEqual(['ten_1/CUST-1']);
  });

  it.each([
    ['no header', {}, 401],
    ['an empty header', { authorization: '' }, 401],
    ['a scheme alone', { authorization: 'Bearer' }, 401],
    ['an empty token', { authorization: 'Bearer ' }, 401],
    ['another scheme', { authorization: 'Basic Z29vZDo=' }, 401],
    ['a token that nobody has', { authorization: 'Bearer unknown' }, 401],
    ['two tokens', { authorization: 'Bearer good, Bearer good' }, 401],
    ['a token that cannot be checked', { authorization: 'Bearer no-database' }, 503],
    ['a token of another purpose', { authorization: 'Bearer reader' }, 403],
  ])('N8AT GHSA-hh59: a call with %s changes nothing', async (_, headers, status) => {
    ingest.tokens.set('reader', holder({ scopes: new Set(['billing:read']) }));
    const answer = await ingest.app.inject({
      method: 'POST',
      url: '/v1/events',
      headers: { 'content-type': SINGLE, ...headers },
      payload: JSON.stringify(sampleEvent()),
    });
    expect([answer.statusCode, ingest.written().length]).toEqual([status, 0]);
  });
});
