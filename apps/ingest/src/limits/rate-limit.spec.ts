import { RateLimiterMemory } from 'rate-limiter-flexible';
import 'reflect-metadata';
import { afterEach, describe, expect, it } from 'vitest';
import { BATCH, holder, type IngestInMemory, ingestInMemory, send } from '../ingest-in-memory.behaviour.js';
import { sampleEvent } from '../sample-events.behaviour.js';
import { EventBudget } from './event-budget.js';

const eventsOf = (count: number, from = 0) => Array.from({ length: count }, (_, i) => sampleEvent({ id: `e-${from + i}` }));

describe('the limit of events', () => {
  let ingest: IngestInMemory;
  afterEach(() => ingest.app.close());

  it('refuses a request beyond the budget of its token whole, and says when to go on', async () => {
    ingest = await ingestInMemory({ eventsPerToken: 5 });
    const first = await send(ingest, eventsOf(3), BATCH);
    const beyond = await send(ingest, eventsOf(3, 3), BATCH);
    const rest = await send(ingest, eventsOf(2, 3), BATCH);
    const spent = await send(ingest, '{', BATCH);

    expect([first, beyond, rest, spent].map(({ statusCode }) => statusCode)).toEqual([202, 429, 202, 429]);
    expect(beyond.json<{ code: string }>().code).toBe('rate-limited');
    expect(Number(beyond.headers['retry-after'])).toBeGreaterThan(0);
    expect(ingest.written()).toHaveLength(5);
  });

  it('counts all tokens of a tenant together, and tenants apart', async () => {
    ingest = await ingestInMemory({ eventsPerTenant: 3 });
    ingest.tokens.set('second', holder({ tokenId: 'tok_2' }));
    ingest.tokens.set('foreign', holder({ tokenId: 'tok_3', tenantId: 'ten_2' }));
    const as = (secret: string) => send(ingest, eventsOf(2), BATCH, { authorization: `Bearer ${secret}` });

    const answers = [await as('good'), await as('second'), await as('foreign')];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 429, 202]);
  });

  it('counts a body that nobody can read as one event', async () => {
    ingest = await ingestInMemory({ eventsPerToken: 2 });
    const answers = [await send(ingest, '{'), await send(ingest, '{'), await send(ingest, '{')];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400, 429]);
  });

  it('says in every answer what is left', async () => {
    ingest = await ingestInMemory({ eventsPerToken: 10, eventsPerTenant: 20 });
    const { headers } = await send(ingest, eventsOf(4), BATCH);

    expect(headers['ratelimit-policy']).toBe('"token";q=10;w=60, "tenant";q=20;w=60');
    expect(headers['ratelimit']).toMatch(/^"token";r=6;t=\d+, "tenant";r=16;t=\d+$/);
  });
});

describe('an event budget', () => {
  it('lets two replicas together spend exactly what the shared counter holds', async () => {
    const counter = new RateLimiterMemory({ points: 1_000, duration: 60 });
    const replicas = [new EventBudget(counter), new EventBudget(counter)];
    const takes = Array.from({ length: 1_500 }, (_, i) => replicas[i % 2]!.take('key', 1));

    expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(1_000);
  });

  it('asks the counter once per lease', async () => {
    let questions = 0;
    const counter = new RateLimiterMemory({ points: 10_000, duration: 60 });
    const counted = {
      points: 10_000,
      duration: 60,
      consume: (...asked: Parameters<typeof counter.consume>) => (questions++, counter.consume(...asked)),
    };
    const budget = new EventBudget(counted);
    for (let i = 0; i < 500; i++) await budget.take('key', 1);

    expect(questions).toBe(10);
  });

  it('starts anew when the window has passed', async () => {
    const budget = new EventBudget(new RateLimiterMemory({ points: 2, duration: 1 }));
    expect(await budget.take('key', 2)).toBe(true);
    expect([await budget.take('key', 1), budget.isSpent('key')]).toEqual([false, true]);
    await new Promise((resolve) => setTimeout(resolve, 1_050));

    expect([budget.isSpent('key'), await budget.take('key', 2)]).toEqual([false, true]);
  });
});
