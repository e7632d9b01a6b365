// A seeded stream of provisioning events: the same for every contestant of a round.

const STEP_MS = 5;

/** A small generator of numbers in [0, 1) that is the same everywhere for one seed (mulberry32). */
export function numbers(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * With `isFirstContact` every seat comes once; with `isHeld` every seat is held already, by plan E3. `copies` are further customers or users
 * (`copiesAre`) that hold the same, met at random too.
 * Seats of `assignments` users of `customers` customers, met in random order: assigned when not held, else a change of plan or a removal.
 * Times ascend and end an hour ago.
 */
export function* provisioning({ count, assignments, customers, copies = 1, copiesAre = 'customers', ...stream }) {
  const { seed = 7, services = 5, endMs = Date.now() - 3_600_000, isFirstContact = false, isHeld = false } = stream;
  const random = numbers(seed);
  const held = new Uint8Array(assignments * copies).fill(isHeld ? 1 : 0); // 0 nothing, 1 plan E3, 2 plan E5
  for (let n = 0; n < count; n++) {
    const place = isFirstContact ? n : Math.floor(random() * assignments * copies);
    const seat = place % assignments;
    const suffix = place < assignments ? '' : `-${Math.floor(place / assignments)}`;
    const user = copiesAre === 'users' ? suffix : '';
    const change = changeOf({ place, seat, user }, held, random() < 0.5, seat % services);
    yield {
      specversion: '1.0',
      id: `bench-${seed}-${String(n).padStart(9, '0')}`,
      source: 'urn:bench:portal',
      ...change,
      time: new Date(endMs - (count - n) * STEP_MS).toISOString(),
      subject: `C-${String(seat % customers).padStart(5, '0')}${copiesAre === 'customers' ? suffix : ''}`,
      actorid: 'admin-17',
      actorname: 'Ada Admin',
    };
  }
}

function changeOf({ place, seat, user }, held, isPlanChange, service) {
  const data = { userCode: `user-${String(seat).padStart(7, '0')}@example.com${user}`, serviceCode: `M365-${service}` };
  if (held[place] !== 0 && !isPlanChange) {
    held[place] = 0;
    return { type: 'trueup.user.service.removed.v1', data };
  }
  const isNew = held[place] === 0;
  held[place] = held[place] === 1 ? 2 : 1;
  const plan = held[place] === 1 ? 'E3' : 'E5';
  const names = {
    planCode: plan,
    planName: `Enterprise ${plan}`,
    ...(isNew && { serviceName: `Microsoft 365 number ${service}` }),
  };
  const terms = { sku: `SKU-${service}-${plan}`, term: 'P1Y', billingPlan: 'monthly' };
  return { type: `trueup.user.service.${isNew ? 'assigned' : 'plan-changed'}.v1`, data: { ...data, ...names, ...terms } };
}
