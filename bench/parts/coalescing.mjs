// Ten thousand changes on 500 lines within a minute: how many writes reach the PSA, and whether the final units are exact.
import { setTimeout as sleep } from 'node:timers/promises';
import { event, SERVICE, setScene } from '../../libs/testing/dist/product/index.js';
import { numbers } from '../provisioning-stream.mjs';
import { withProduct } from '../own-product.mjs';

const PER_POST = 100;

export function run({ figures, isSmall }) {
  const size = isSmall ? { lines: 10, changes: 200, seconds: 4 } : { lines: 500, changes: 10_000, seconds: 60 };
  return withProduct(async (runtime) => {
    const scene = await setScene(runtime, 'Bench coalescing', { customers: size.lines });
    await runtime.settled(600);
    const since = await scene.msp.sandbox.lastSeq();
    const units = await change(scene, size);
    await runtime.settled(1_200);
    const effects = await scene.msp.sandbox.effects(since);
    const wrong = scene.customers.filter(({ code, companyId }) => sumOf(effects, companyId) !== (units.get(code) ?? 0));
    const most = size.changes / 10;
    figures.add({
      figure: `writes for ${size.changes} changes on ${size.lines} lines in ${size.seconds} s`,
      unit: 'writes',
      product: effects.length,
      peer: size.changes,
      peerName: 'one call per change',
      ratio: size.changes / effects.length,
      target: `≤ ${most}, final units exact`,
      isMet: effects.length <= most && wrong.length === 0,
      detail: { linesWithWrongUnits: wrong.length },
    });
  });
}

/** Seats that come and go at random, evenly over the time; answers the units that each customer must end with. */
async function change({ msp, customers }, { changes, seconds }) {
  const random = numbers(3);
  const held = new Map(customers.map(({ code }) => [code, []]));
  const beganMs = performance.now();
  for (let n = 0; n < changes; n += PER_POST) {
    await msp.post(Array.from({ length: Math.min(PER_POST, changes - n) }, () => next(customers, held, random)));
    const dueMs = beganMs + ((n + PER_POST) / changes) * seconds * 1000;
    if (dueMs > performance.now()) await sleep(dueMs - performance.now());
  }
  return new Map([...held].map(([code, users]) => [code, users.length]));
}

let users = 0;
let told = 0;

/** Now, a nanosecond after the last one: of two things at one instant the removal would come first. */
const ascending = () => new Date().toISOString().replace('Z', `${String(++told).padStart(6, '0')}Z`);

function next(customers, held, random) {
  const { code } = customers[Math.floor(random() * customers.length)];
  const seats = held.get(code);
  const time = ascending();
  if (seats.length > 0 && random() < 0.45)
    return event('user.service.removed', code, time, { userCode: seats.pop(), serviceCode: SERVICE });
  const userCode = `u${++users}`;
  seats.push(userCode);
  return event('user.service.assigned', code, time, { userCode, serviceCode: SERVICE, serviceName: 'Microsoft 365 E3' });
}

const sumOf = (effects, contractId) =>
  effects.filter(({ body }) => body.contractID === contractId).reduce((sum, { body }) => sum + (body.unitChange ?? 0), 0);
