import { quantityChangesTopic } from '@trueup/contracts';
import { expect, it } from 'vitest';
import { MemoryLedger } from '../ledger/memory-ledger.js';
import { PACE } from '../testing/ledger-under-test.js';
import { ChangeReceiver } from './change-receiver.js';

it('a record that is no change is set aside and told as PAYLOAD_INVALID, with its place and the way out', async () => {
  const told: unknown[] = [];
  const ledger = new MemoryLedger(PACE);
  const receiver = new ChangeReceiver({
    kind: 'autotask',
    group: 'g',
    ledger,
    watermarks: async () => new Map(),
    now: () => new Date(0),
    logger: { info: () => undefined, warn: () => undefined, error: (fields: unknown) => void told.push(fields) } as never,
    onAccepted: () => undefined,
  });
  const topic = quantityChangesTopic('autotask');
  const records = [{ offset: 7n, key: 'con/al', value: Buffer.from('no json'), headers: {}, timestamp: new Date(0) }];
  expect(await receiver.take({ topic, partition: 3, records, highWatermark: 8n } as never)).toEqual({ done: 8n });
  const place = { topic, partition: 3, offset: '7', key: 'con/al', problem: expect.any(String) };
  const way = { code: 'PAYLOAD_INVALID', alias: 'AT23', owner: 'sre', remedy: expect.stringContaining('quarantine') };
  expect([ledger.quarantined.length, told]).toEqual([1, [{ ...way, ...place }]]);
});
