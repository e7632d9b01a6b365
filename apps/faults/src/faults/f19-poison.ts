import { ask } from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';
import { hugeRecord, type Poison, poisonRecords } from '../poison/poison-records.js';
import { produce } from '../poison/produce.js';
import { refuseEvents } from '../poison/refusing-database.js';

const NOTE = { note: 'looked at by the fault harness' };

interface Waiting {
  id: string;
  reason: string;
  errors: { pointer: string; detail: string }[];
  event: { id: string } | null;
}

/** Records that nobody can apply, straight into the log, under keys whose good events go on. */
export const f19Poison: Fault = {
  id: 'F19',
  title:
    'poison in the event log: no JSON, wrong schema, unknown type, tombstone, 5 MB, a foreign tenant, a database that refuses',
  mustHold: 'each is set aside alone with the reason, its neighbours of the same key flow, and what can be released counts once',
  async inject(run) {
    const { load } = run.main;
    const refused = await load.draw(3);
    const refusal = await refuseEvents(
      run.runtime.endpoints.databaseUrl,
      run.main.msp.tenantId,
      refused.map(({ id }) => id),
    );
    try {
      const poison = await poisoned(run);
      await load.deliver(refused);
      await load.send(21);
      const flowedFrom = performance.now();
      await run.settled();
      run.figure('neighbours_delay_s', Math.round((performance.now() - flowedFrom) / 100) / 10);
      await judge(run, poison);
    } finally {
      await refusal.end();
    }
    await release(
      run,
      refused.map(({ id }) => id),
    );
  },
};

/** Bad records between good ones; answers those that the broker took. */
async function poisoned(run: FaultRun): Promise<Poison[]> {
  const { kafkaBrokers } = run.runtime.endpoints;
  const { msp, load } = run.main;
  const sound = load.acknowledged.find(({ type }) => type === 'trueup.user.service.assigned.v1')!;
  const records = poisonRecords(msp.tenantId, run.neighbour.msp.tenantId, sound);
  for (const record of records) {
    run.claim(`the broker took the record "${record.what}"`, await produce(kafkaBrokers, [record]));
    await load.send(2);
  }
  const huge = hugeRecord(msp.tenantId, sound);
  const isTaken = await produce(kafkaBrokers, [huge]);
  run.figure('5mb_taken_by_broker', Number(isTaken));
  run.figure('poison', records.length + Number(isTaken));
  return isTaken ? [...records, huge] : records;
}

/** Every record is in quarantine with the reason, and stays there until a person puts it away. */
async function judge(run: FaultRun, poison: readonly Poison[]): Promise<void> {
  const waiting = (await waitingOf(run)).filter((record) => !isRefused(record));
  const foreign = await setAsideForNobody(run);
  const reasons = waiting.map(({ reason, errors }) => `${reason} ${JSON.stringify(errors)}`);
  for (const { what, reason } of poison) {
    const isToldWhy = [...reasons, ...foreign].some((text) => reason.test(text));
    run.claim(`"${what}" is in quarantine with the reason`, isToldWhy);
  }
  run.claim(
    `each bad record is in quarantine once (${waiting.length} + ${foreign.length})`,
    waiting.length + foreign.length === poison.length,
  );
  run.parks(waiting.length);
}

/** The database, not the record, was the reason. */
const isRefused = ({ reason }: Waiting): boolean => reason === 'not-applicable';

async function waitingOf({ main: { msp } }: FaultRun): Promise<Waiting[]> {
  return (await msp.api<{ data: Waiting[] }>('GET', '/quarantine?state=waiting&limit=100')).data;
}

/** What belongs to no tenant is for operators alone. */
async function setAsideForNobody({ runtime, main: { msp } }: FaultRun): Promise<string[]> {
  const sql = `select errors::text as errors from billing.quarantine where tenant_id = '' and record_key like $1`;
  const rows = await ask<{ errors: string }>(runtime, sql, [`${msp.tenantId}/%`]);
  return rows.map(({ errors }) => errors);
}

/** What the database refused is released, the last first: the order of events is their time, not the order of their release. */
async function release(run: FaultRun, ids: readonly string[]): Promise<void> {
  const waiting = (await waitingOf(run)).filter(isRefused);
  run.claim(
    'what the database refused waits',
    waiting.length === ids.length && waiting.every(({ event }) => ids.includes(event?.id ?? '')),
  );
  for (const { id } of waiting) await run.main.msp.api('POST', `/quarantine/${id}/release`, { body: NOTE });
  await run.settled();
  const { data } = await run.main.msp.api<{ data: { outcome: string }[] }>('GET', '/quarantine?state=released&limit=100');
  run.claim('what was released counts', data.length === ids.length && data.every(({ outcome }) => outcome === 'applied'));
  run.figure('released', data.length);
}
