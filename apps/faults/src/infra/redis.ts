import { connect } from 'node:net';
import type { Runtime } from '@trueup/testing/product';

/** Port of the runtime's Redis; throws where the machine has none. */
export function redisPort(runtime: Runtime): number {
  const { redisUrl } = runtime.endpoints;
  if (redisUrl === null) throw new Error('There is no Redis on this machine: the fault cannot be injected');
  return Number(new URL(redisUrl).port);
}

/** Sends one command in Redis' plain form and answers its first line. */
export function redisCommand(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().split('\r\n')[0]!);
    });
  });
}
