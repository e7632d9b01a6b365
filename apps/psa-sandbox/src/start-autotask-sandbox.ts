import type { AddressInfo } from 'node:net';
import { clock } from '@trueup/service';
import { Sandbox } from './admin/sandbox.js';
import { SandboxFile } from './admin/sandbox-file.js';
import type { SandboxClock } from './admin/sandbox-clock.js';
import { createSandboxServer } from './admin/sandbox-server.js';
import type { ApiUser } from './autotask/api-users.js';
import { AutotaskModel } from './autotask/autotask-model.js';

/** The API user of a sandbox that nobody configured. */
export const defaultApiUser: ApiUser = {
  userName: 'api-user@sandbox.example',
  secret: 'sandbox-secret',
  integrationCode: 'SANDBOX-CODE',
  restricted: false,
};

export interface AutotaskSandboxOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** API users of an empty state; default `defaultApiUser` alone. */
  readonly users?: readonly ApiUser[];
  /** File of JSON lines from which the sandbox comes back; absent: memory only. */
  readonly file?: string;
  /** Default: the process's clock. */
  readonly clock?: SandboxClock;
}

export interface RunningSandbox {
  /** Scheme, host and port, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts an Autotask sandbox in this process. Fails if the port is taken. */
export async function startAutotaskSandbox(options: AutotaskSandboxOptions = {}): Promise<RunningSandbox> {
  const { host = '127.0.0.1', port = 0, users = [defaultApiUser] } = options;
  const time = options.clock ?? clock;
  const file = options.file === undefined ? undefined : new SandboxFile(options.file);
  const sandbox = new Sandbox(new AutotaskModel(users), () => time.now(), file);
  const server = createSandboxServer(sandbox, time);
  await server.listen({ host, port });
  const { port: boundPort } = server.server.address() as AddressInfo;
  const close = async () => {
    await server.close();
    file?.close();
  };
  return { url: `http://${host}:${boundPort}`, close };
}
