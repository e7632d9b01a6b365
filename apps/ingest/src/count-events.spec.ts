import { metrics } from '@trueup/service';
import { describe, expect, it } from 'vitest';
import { counted } from './count-events.js';
import { refuse } from './ingest-problem.js';

const shown = async () =>
  (await metrics.getSingleMetricAsString('trueup_ingest_events_total')).split('\n').filter((line) => !line.startsWith('#'));

describe('counted', () => {
  it('counts events by what became of them, and none of a refused request', async () => {
    const answer = counted({ accepted: 2, duplicate: 1, rejected: 3, results: [] });
    counted(refuse('broker-unavailable', 'away'));
    expect(answer).toMatchObject({ accepted: 2 });
    expect(await shown()).toEqual([
      'trueup_ingest_events_total{result="accepted"} 2',
      'trueup_ingest_events_total{result="duplicate"} 1',
      'trueup_ingest_events_total{result="rejected"} 3',
    ]);
  });
});
