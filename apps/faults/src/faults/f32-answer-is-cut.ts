import { wholeBelow } from '@trueup/testing/product';
import type { Fault } from '../fault.js';
import { type BatchAnswer, postBatch } from '../load/post-batch.js';
import { TcpProxy } from '../proxy/tcp-proxy.js';

const ROUNDS = 10;

/** What ingest took is acknowledged into the void: the sender repeats and must hear the same. */
export const f32AnswerIsCut: Fault = {
  id: 'F32',
  title: "a proxy cuts ingest's answer after the events were taken",
  mustHold: 'the repeat with the same ids is answered as the first request was, and each event counts once',
  async inject(run) {
    const { load, msp } = run.main;
    const proxy = await TcpProxy.before(Number(new URL(run.runtime.endpoints.ingestUrl).port));
    const url = `http://127.0.0.1:${proxy.port}`;
    let [repeated, isTold] = [0, true];
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const events = await load.draw(1 + wholeBelow(run.random, 9));
        const { isCut, unheard } = await cutRequest(proxy, () => postBatch(url, msp.tokens.events, events));
        const again = await load.post(events);
        isTold &&= isCut && again.status === 202 && fates(again.results) === fates(unheard);
        repeated += again.results.length;
      }
    } finally {
      await proxy.close();
    }
    run.figure('cut', proxy.cuts);
    run.figure('replayed', repeated);
    run.claim(
      'every cut request was taken, and its repeat names the same events as taken before',
      isTold && proxy.cuts === ROUNDS,
    );
  },
};

/** Sends a request whose answer is thrown away when all of it has come; answers what the sender did not hear. */
async function cutRequest(proxy: TcpProxy, send: () => Promise<BatchAnswer>): Promise<{ isCut: boolean; unheard: Result[] }> {
  let heard = '';
  proxy.set({ cutsAnswer: (chunk) => (heard += chunk.toString()).trimEnd().endsWith('}') });
  const { status } = await send();
  proxy.set({});
  const isTaken = heard.startsWith('HTTP/1.1 202');
  return { isCut: isTaken && status === 0, unheard: isTaken ? resultsIn(heard) : [] };
}

interface Result {
  id: string;
  status: string;
}

/** An event counts as taken whether an answer calls it new, or known because the store has it by now. */
const fates = (results: readonly Result[]): string =>
  results.map(({ id, status }) => `${id} ${status === 'rejected' ? 'rejected' : 'taken'}`).join('\n');

function resultsIn(answer: string): Result[] {
  return (JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { results: Result[] }).results;
}
