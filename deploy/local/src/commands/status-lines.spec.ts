import { describe, expect, it } from 'vitest';
import { statusLines } from './status-lines.js';

const process = { service: 'ingest', replica: 0, pid: 7, state: 'running' };

describe('the lines of npm run status', () => {
  it('say of a service whether it is ready and what waits', () => {
    const inFlight = [
      { what: 'events not applied', count: 12 },
      { what: 'commands', count: 0 },
    ];

    expect(statusLines('now', [{ ...process, admin: { isReady: true, inFlight } }])[1]).toMatch(
      /ingest\/0 +running +7 +ready +12 events not applied$/,
    );
    expect(statusLines('now', [{ ...process, admin: { isReady: true, inFlight: [] } }])[1]).toMatch(/ready +nothing waits$/);
  });

  it('say of one that does not answer that it is not ready', () => {
    const [, line] = statusLines('now', [{ ...process, state: 'frozen', admin: { isReady: false, inFlight: null } }]);

    expect(line).toMatch(/frozen +7 +not ready$/);
  });

  it('say of infrastructure what state it is in', () => {
    expect(statusLines('now', [{ ...process, service: 'kafka', pid: null, admin: null }])[1]).toMatch(/kafka\/0 +running +-$/);
  });
});
