// The whole product, started for one benchmark in a home of its own: real processes, real servers, no demo.
import { startRuntime } from '../libs/testing/dist/product/index.js';

const PORT_BASE = Number(process.env.TRUEUP_PORT_BASE ?? '27000');
// A benchmark sends from one token what a year of customers sends from many.
const NO_LIMIT = { TRUEUP_INGEST_EVENTS_PER_TOKEN: '1000000000', TRUEUP_INGEST_EVENTS_PER_TENANT: '1000000000' };

/** Runs `work` with the running product and ends it. */
export async function withProduct(work) {
  const { runtime, stop } = await startRuntime(['--no-demo'], PORT_BASE, NO_LIMIT);
  try {
    return await work(runtime);
  } finally {
    await stop();
  }
}
