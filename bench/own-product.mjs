// The whole product, started for one benchmark in a home of its own: real processes, real servers.
import { startRuntime } from '../libs/testing/dist/product/index.js';

const PORT_BASE = Number(process.env.TRUEUP_PORT_BASE ?? '27000');
// A benchmark sends from one token what a year of customers sends from many.
const NO_LIMIT = { TRUEUP_INGEST_EVENTS_PER_TOKEN: '1000000000', TRUEUP_INGEST_EVENTS_PER_TENANT: '1000000000' };

// On a machine that is busy a server may not answer in time.
const TRIES = 3;

async function started(args, tries) {
  try {
    return await startRuntime(args, PORT_BASE, NO_LIMIT);
  } catch (error) {
    if (tries <= 1) throw error;
    console.error(`  the product did not start, once more: ${String(error).split('\n').at(-2)}`);
    return started(args, tries - 1);
  }
}

/** Runs `work` with the running product and ends it; `args` are those of `npm start`, by default without the demo. */
export async function withProduct(work, args = ['--no-demo']) {
  const { runtime, stop } = await started(args, TRIES);
  const end = () => void stop().finally(() => process.exit(1)); // whoever interrupts leaves nothing behind
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
  try {
    return await work(runtime);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, end);
    await stop();
  }
}
