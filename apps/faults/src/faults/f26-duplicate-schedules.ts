import { setTimeout as wait } from 'node:timers/promises';
import { ask, type Scene, seats, setScene, until, wholeBelow } from '@trueup/testing/product';
import { nextClockShift } from '../crashes/clock-shift.js';
import { type LogFromNow, logFromNow } from '../crashes/log-lines.js';
import type { Fault, FaultRun } from '../fault.js';
import { untilCaughtUp } from '../infra/caught-up.js';

const ZONE = 'Europe/Berlin';
const REPLICAS = 3;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const GRACE_HOURS = 2;
const COMMANDS_WITHIN_MS = 120_000;

/** What a run has to remember until the product is settled. */
interface Begun {
  berlin: Scene;
  shift: Date;
  before: Slots;
  logs: readonly LogFromNow[];
}
const begun = new WeakMap<FaultRun, Begun>();

/** What is due by the clock: days that begin, and periods that end. */
interface Slots {
  billingDays: number;
  controlDays: number;
  closed: number;
}

/** Three replicas of each scheduler live through the nights around a change of the clocks, and through a close in that very night. */
export const f26DuplicateSchedules: Fault = {
  id: 'F26',
  title: 'three replicas of each scheduler, and a night in which the clocks change',
  mustHold: 'each day begins once, and each period closes once, at its time',
  needs: { replicas: { 'billing-projector': REPLICAS, 'change-control': REPLICAS }, isSpent: true },
  async inject(run) {
    const shift = nextClockShift(ZONE, new Date((await run.runtime.status()).now));
    const berlin = await sceneThatClosesAt(run, shift);
    await until(() => hasNoCommands(run), COMMANDS_WITHIN_MS); // what setting the stage has ordered is no slot
    const logs = Array.from({ length: REPLICAS }, (_, replica) => logFromNow(run.runtime, 'billing-projector', replica));
    begun.set(run, { berlin, shift, before: await slotsOf(run), logs });
    await advanceTo(run, shift.getTime() - DAY_MS - 5 * 60 * MINUTE_MS);
    await liveThrough(run, berlin, shift.getTime() + DAY_MS);
  },
  async afterwards(run) {
    const { berlin, shift, before, logs } = begun.get(run)!;
    judge(run, before, await slotsOf(run), logs);
    await judgeClose(run, berlin, shift);
  },
};

/** A customer of a tenant whose period ends with the day before the clocks change; its grace is over in the very hour that does not exist. */
async function sceneThatClosesAt(run: FaultRun, shift: Date): Promise<Scene> {
  const scene = await setScene(run.runtime, `F26-${run.seed} ${ZONE}`, { customers: 1 });
  const closeDay = new Date(shift.getTime() - DAY_MS).getUTCDate();
  const body = { closeDay, timeZone: ZONE, graceHours: GRACE_HOURS, liveFrom: dayAfterClose(scene.now, closeDay) };
  await scene.msp.api('PUT', '/settings/billing-period', { body });
  await scene.msp.post(seats(scene, scene.customers[0]!, 3));
  return scene;
}

/** The day on which the period began that holds `now`. */
function dayAfterClose(now: Date, closeDay: number): string {
  const months = now.getUTCDate() > closeDay ? 0 : 1;
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, closeDay + 1)).toISOString().slice(0, 10);
}

/** A month at most at a time, and nothing left behind: what is on its way when several periods end at once belongs to none of them. */
async function advanceTo(run: FaultRun, atMs: number): Promise<void> {
  for (;;) {
    await untilCaughtUp(run);
    const leftMs = atMs - Date.parse((await run.runtime.status()).now);
    await run.runtime.advanceClock(`PT${Math.round(Math.min(leftMs, 25 * DAY_MS) / MINUTE_MS)}M`);
    if (leftMs <= 25 * DAY_MS) return;
  }
}

/** In steps of twenty minutes to an hour, with events now and then. */
async function liveThrough(run: FaultRun, { msp, customers }: Scene, untilMs: number): Promise<void> {
  for (let step = 0; ; step++) {
    await run.runtime.advanceClock(`PT${20 + wholeBelow(run.random, 40)}M`);
    const now = new Date((await run.runtime.status()).now);
    if (now.getTime() > untilMs) return;
    if (step % 8 === 0) await run.main.load.send(4);
    if (step % 8 === 4) await msp.post(seats({ now } as Scene, customers[0]!, 1, `night-${step}-`));
    await wait(200);
  }
}

async function hasNoCommands(run: FaultRun): Promise<boolean> {
  return (await ask(run.runtime, 'select 1 from billing.command limit 1')).length === 0;
}

async function slotsOf(run: FaultRun): Promise<Slots> {
  const [row] = await ask<{ billing: number; control: number; closed: number }>(
    run.runtime,
    `select (select count(*) from billing.day_started)::int as billing, (select count(*) from control.day_started)::int as control,
       (select count(*) from billing.period where closed_at is not null)::int as closed`,
  );
  return { billingDays: row!.billing, controlDays: row!.control, closed: row!.closed };
}

function judge(run: FaultRun, before: Slots, after: Slots, logs: readonly LogFromNow[]): void {
  const sum = (message: string, field: string): number => logs.reduce((all, log) => all + log.sum(message, field), 0);
  const days = after.billingDays - before.billingDays;
  const closed = after.closed - before.closed;
  const [daysRun, closesRun] = [sum('commands carried out', 'done'), sum('periods closed', 'closed')];
  run.figure('days', days);
  run.figure('days_run', daysRun);
  run.figure('closes', closed);
  run.figure('closes_run', closesRun);
  run.claim(`each of ${days} days was begun once, not ${daysRun} times`, days > 0 && days === daysRun);
  run.claim(`each of ${closed} periods was closed once, not ${closesRun} times`, closed > 0 && closed === closesRun);
}

async function judgeClose(run: FaultRun, { msp }: Scene, shift: Date): Promise<void> {
  const rows = await ask<{ closed_at: Date; days: number; runs: number }>(
    run.runtime,
    `select p.closed_at, (select count(*)::int from control.day_started d where d.tenant_id = p.tenant_id and d.local_date between $2::date - 1 and $2::date + 1) as days
     from billing.period p where p.tenant_id = $1 and p.end_date = $2::date`,
    [msp.tenantId, shift.toISOString().slice(0, 10)],
  );
  const closedMs = rows[0]?.closed_at?.getTime() ?? 0;
  run.claim('the period that ended at midnight was closed when its grace was over, not before', closedMs >= shift.getTime());
  run.claim('each of the three days around the change began once', rows[0]?.days === 3);
}
