import { shuffled } from '@trueup/testing/product';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, FaultRun } from '../fault.js';
import { untilCaughtUp } from '../infra/caught-up.js';
import { gapOf } from '../infra/gap.js';
import { takeDown } from '../infra/take-down.js';
import { postgresFolder } from '../infra/postgres.js';
import { SmallDisk } from '../infra/small-disk.js';

const BURST = 28;
const FULL_MS = 6_000;
const SERVICES = ['api', 'ingest', 'billing-projector', 'change-control', 'connector-autotask'];

/** A disk that has no byte left, and gets some back. */
interface Victim {
  name: string;
  /** Who uses the disk, and is down while its folder moves. */
  users: readonly string[];
  folder(run: FaultRun): Promise<string>;
}

const VICTIMS: readonly Victim[] = [
  { name: 'kafka', users: ['kafka'], folder: async ({ runtime }) => join(runtime.home, 'kafka/data') },
  { name: 'postgres', users: ['postgres'], folder: ({ runtime }) => postgresFolder(runtime) },
  { name: 'logs', users: SERVICES, folder: async ({ runtime }) => join(runtime.home, 'logs') },
];

/** The disks of Kafka, PostgreSQL and the services' logs are full, one after the other. */
export const f20DiskIsFull: Fault = {
  id: 'F20',
  title: "the disks of Kafka, PostgreSQL and the services' logs are full for a while",
  mustHold: 'nothing is acknowledged that is not kept, and everything goes on by itself when space returns',
  async inject(run) {
    for (const victim of shuffled(run.random, VICTIMS)) await fillUp(run, victim);
    await run.main.load.send(BURST);
  },
  async afterwards({ main, claim }) {
    const { data } = await main.msp.api<{ data: unknown[] }>('GET', '/quarantine');
    claim('nothing was set aside', data.length === 0);
  },
};

async function fillUp(run: FaultRun, victim: Victim): Promise<void> {
  const { runtime, main } = run;
  const folder = await victim.folder(run);
  await eachOf(victim, (user) => takeDown(runtime, user));
  const disk = await SmallDisk.at(folder);
  try {
    await eachOf(victim, (user) => runtime.restart(user));
    await main.load.send(BURST);
    disk.fill();
    const sender = gapOf(main.load, BURST);
    sender.catch(() => undefined); // whoever waits for it below hears of the failure
    await wait(FULL_MS);
    await disk.free();
    const gap = await sender;
    run.figure(`${victim.name}_gap_s`, gap.seconds);
    run.figure(`${victim.name}_refused`, gap.refusals.length);
    await main.load.send(BURST);
    await untilCaughtUp(run);
  } finally {
    await eachOf(victim, (user) => takeDown(runtime, user));
    await disk.remove({ isLazy: victim.name === 'logs' });
    await eachOf(victim, (user) => runtime.restart(user));
  }
}

async function eachOf({ users }: Victim, act: (user: string) => Promise<void>): Promise<void> {
  await Promise.all(users.map(act));
}
