import { describe, expect, it } from 'vitest';
import { lagIn } from './local-services.js';

describe('the lag of a process', () => {
  it('is the sum over its partitions', () => {
    const metrics =
      '# HELP x\ntrueup_kafka_lag_messages{topic="a",partition="0"} 3\ntrueup_kafka_lag_messages{topic="a",partition="1"} 4\nother 9\n';
    expect(lagIn(metrics)).toBe(7);
  });

  it('is unknown where a process does not tell', () => {
    expect(lagIn('nodejs_eventloop_lag_seconds 0.1\n')).toBeNull();
  });
});
