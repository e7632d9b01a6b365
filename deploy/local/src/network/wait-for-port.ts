import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedProcess } from '../processes/managed-process.js';
import { StartFailure } from '../start-failure.js';

/** Waits until the process listens; fails with the log's place when it ends first or stays silent too long, and then ends it. */
export async function waitForPort(
  process: ManagedProcess,
  port: number,
  o: { what: string; logFile: string; timeoutMs?: number },
): Promise<void> {
  const deadline = performance.now() + (o.timeoutMs ?? 60_000);
  while (!(await isOpen(port))) {
    if (!process.isRunning) throw new StartFailure(`${o.what} ended while starting; see ${o.logFile}.`);
    if (performance.now() > deadline) {
      await process.stop(); // left running, nobody would know of it
      throw new StartFailure(`${o.what} does not answer; see ${o.logFile}.`);
    }
    await sleep(50);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => socket.destroy() && resolve(true));
    socket.once('error', () => resolve(false));
  });
}
