import { describe, expect, it } from 'vitest';
import { cardText } from './card-text.js';

const endpoints = {
  ingestUrl: 'http://127.0.0.1:4601',
  apiUrl: 'http://127.0.0.1:4600',
  sandboxes: { autotask: 'http://127.0.0.1:4602' },
  kafkaBrokers: '127.0.0.1:4610',
  databaseUrl: 'postgres://here',
  redisUrl: null,
  tokens: { admin: 'admin-token', events: 'events-token', control: 'control-token' },
  tenantId: 'ten_1',
  connections: {},
  adminPorts: {},
  pids: {},
  controlUrl: 'http://127.0.0.1:4603',
};
const example = { customerCode: 'c-1', serviceCode: 'mail', serviceName: 'Mail', lineKey: 'ln_1' };
const now = new Date('2026-11-23T02:00:00Z');
const shown = (of: Parameters<typeof cardText>[0]): string =>
  cardText(of, { example, paint: (text) => text, now, path: '/home/endpoints.json' });

describe('the card', () => {
  it('holds the addresses and a token', () => {
    const card = shown(endpoints);

    for (const text of [
      'http://127.0.0.1:4602/_sandbox/ in a browser',
      'http://127.0.0.1:4600',
      'http://127.0.0.1:4601/v1/events',
      'http://127.0.0.1:4602',
      'admin-token',
      'ten_1',
    ]) {
      expect(card).toContain(text);
    }
  });

  it('gives three steps, the first with an event that can be posted as it stands', () => {
    const card = shown(endpoints);
    const event = JSON.parse(/-d '(.*)'/.exec(card)![1]!) as object;

    expect(card.match(/^ {2}\d\. /gm)).toHaveLength(3);
    expect(event).toMatchObject({
      specversion: '1.0',
      subject: 'c-1',
      type: 'trueup.user.service.assigned.v1',
      time: now.toISOString(),
    });
  });

  it('leaves out what was not started', () => {
    const card = shown({ ...endpoints, ingestUrl: null, apiUrl: null, tenantId: null });

    expect(card).not.toContain('null');
    expect(card.match(/^ {2}\d\. /gm)).toHaveLength(1);
  });
});
