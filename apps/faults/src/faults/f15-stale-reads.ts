import { setTimeout as wait } from 'node:timers/promises';
import type { Effect } from '@trueup/testing/product';
import type { Fault } from '../fault.js';
import { OwnPsa } from '../psa/own-psa.js';
import { underLoad } from '../psa/under-load.js';

const SHORTEST_LAG_S = 5;
const LONGEST_LAG_S = 60;
const LOAD_MS = 20_000;
const EVENTS_PER_SECOND = 8;

/** What made 481 edits of one seat count elsewhere: "target less what is read" against a read model that lags behind the writes. */
export const f15StaleReads: Fault = {
  id: 'F15',
  title: "the PSA's lists lag 5 to 60 s behind its writes, single records do not",
  mustHold: 'nothing is planned on top of a write that does not show yet: one write per change',
  inject: async (run) => {
    const lagS = SHORTEST_LAG_S + Math.floor(run.random() * (LONGEST_LAG_S - SHORTEST_LAG_S + 1));
    const psa = await OwnPsa.of(run.main, { settleMs: (lagS + 20) * 1_000 });
    // Before that the lists would not even have the contracts, which is another fault.
    await wait(lagS * 1_000);
    await psa.arm({ kind: 'stale-reads', seconds: lagS, access: 'read', path: '/query', count: 'always' });
    const since = await run.main.msp.sandbox.lastSeq();
    await underLoad(run, EVENTS_PER_SECOND, () => wait(Math.max(LOAD_MS, lagS * 1_500)));
    // The last writes must show before the lists are fresh again.
    await wait((lagS + 2) * 1_000);
    const own = ownWrites(
      await run.main.msp.sandbox.effects(since),
      new Set(run.main.scene.customers.map((each) => each.companyId)),
    );
    await psa.disarm();
    const shortestMs = Math.min(...gapsMs(own));
    run.figure('lag_s', lagS);
    run.figure('staleWrites', own.length);
    if (Number.isFinite(shortestMs)) run.figure('shortestGap_ms', shortestMs);
    run.claim('writes were made while the lists lagged', own.length > 0);
    run.claim('no line was written again before its last write showed', shortestMs >= lagS * 1_000);
  },
};

function ownWrites(effects: readonly Effect[], contracts: ReadonlySet<number>): Effect[] {
  return effects.filter(({ body }) => body.contractID !== undefined && contracts.has(body.contractID));
}

/** Milliseconds between one write and the next of the same contract service. */
function gapsMs(effects: readonly Effect[]): number[] {
  const lines = Map.groupBy(effects, ({ body }) => `${body.contractID} ${body.contractServiceID ?? body.serviceID}`);
  return [...lines.values()].flatMap((writes) =>
    writes.slice(1).map((write, index) => Date.parse(write.at) - Date.parse(writes[index]!.at)),
  );
}
