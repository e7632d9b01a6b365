import { createServer } from 'node:net';

/** True when nobody listens on this loopback port. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

export interface PortTaken {
  readonly wanted: number;
  readonly given: number;
  readonly purpose: string;
}

/** Hands out ports: the wanted one, else the next free one, which is reported through `onTaken`. No port twice. */
export class PortChooser {
  private readonly given = new Set<number>();

  constructor(
    private readonly onTaken: (taken: PortTaken) => void,
    private readonly isFree: (port: number) => Promise<boolean> = isPortFree,
  ) {}

  async choose(wanted: number, purpose: string): Promise<number> {
    const given = await this.chooseSilently(wanted);
    if (given !== wanted) this.onTaken({ wanted, given, purpose });
    return given;
  }

  /** For ports that nobody expects at a certain number. */
  async chooseSilently(wanted: number): Promise<number> {
    for (let port = wanted; ; port += 1) {
      if (this.given.has(port)) continue;
      this.given.add(port); // before the probe: two choices may be under way at once
      if (await this.isFree(port)) return port;
    }
  }
}
