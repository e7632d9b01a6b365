import type { Fault } from '../fault.js';
import { postBatch } from '../load/post-batch.js';
import { wholeBelow } from '../load/seeded-random.js';
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
    let [repeated, isSame] = [0, true];
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const events = await load.draw(1 + wholeBelow(run.random, 9));
        let unheard = '';
        proxy.set({ cutsAnswer: (chunk) => chunk.toString().startsWith('HTTP/1.1 202') && (unheard = chunk.toString()) !== '' });
        const first = await postBatch(`http://127.0.0.1:${proxy.port}`, msp.tokens.events, events);
        proxy.set({});
        const again = await load.post(events);
        isSame &&= first.status === 0 && again.status === 202;
        isSame &&= unheard !== '' && fates(again.results) === fates(resultsIn(unheard));
        isSame &&= again.results.every(({ status }) => status === 'duplicate');
        repeated += again.results.length;
      }
    } finally {
      await proxy.close();
    }
    run.figure('cut', proxy.cuts);
    run.figure('replayed', repeated);
    run.claim(
      'every cut request was taken, and its repeat names the same events as taken before',
      isSame && proxy.cuts === ROUNDS,
    );
  },
};

interface Result {
  id: string;
  status: string;
}

/** An event counts as taken whether an answer calls it new or known. */
const fates = (results: readonly Result[]): string =>
  results.map(({ id, status }) => `${id} ${status === 'rejected' ? 'rejected' : 'taken'}`).join('\n');

function resultsIn(answer: string): Result[] {
  return (JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { results: Result[] }).results;
}
