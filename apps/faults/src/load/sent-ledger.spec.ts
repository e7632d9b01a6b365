import { assigned, SERVICE } from '@trueup/testing/product';
import { describe, expect, it } from 'vitest';
import { SentLedger } from './sent-ledger.js';

const one = assigned('C', 'ann', SERVICE, '2026-11-21T08:00:00Z');

describe('the ledger of a sender', () => {
  it('keeps attempts, acknowledgements and refusals of an event, however often it is meant', () => {
    const ledger = new SentLedger();
    ledger.mean([one]);
    ledger.tried([one]);
    ledger.refuse(one.id, 'busy');
    ledger.mean([one]);
    ledger.tried([one]);
    ledger.acknowledge(one.id, 'accepted');
    ledger.acknowledge(one.id, 'duplicate');
    expect(ledger.all).toEqual([{ event: one, attempts: 2, acknowledged: ['accepted', 'duplicate'], refused: ['busy'] }]);
  });

  it('owes nothing for an event that nobody acknowledged', () => {
    const ledger = new SentLedger();
    ledger.mean([one]);
    ledger.tried([one]);
    expect(ledger.acknowledgedEvents).toEqual([]);
  });

  it('refuses to hear of an event that was never meant', () => {
    expect(() => new SentLedger().acknowledge(one.id, 'accepted')).toThrow('never meant');
  });
});
