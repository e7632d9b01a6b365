import { z } from 'zod';

const inFlightSchema = z.object({
  inFlight: z.array(z.object({ what: z.string(), count: z.number(), detail: z.string().optional() })),
});

/** Work that a process still has to do, as its admin side says. */
export type InFlight = z.output<typeof inFlightSchema>['inFlight'][number];

/** The admin port of one process. A process that is away, slow or odd answers no, never an exception. */
export class AdminSide {
  constructor(private readonly port: number) {}

  async isReady(): Promise<boolean> {
    return (await this.ask('/readyz'))?.ok ?? false;
  }

  /** Null when the process does not answer. */
  async inFlight(): Promise<InFlight[] | null> {
    const answer = await this.ask('/inflight');
    const body = answer?.ok ? inFlightSchema.safeParse(await answer.json().catch(() => null)) : null; // no JSON: no answer
    return body?.success ? body.data.inFlight : null;
  }

  async moveClock(offsetMs: number): Promise<boolean> {
    return (await this.ask('/clock', { method: 'POST', body: JSON.stringify({ offsetMs }) }))?.ok ?? false;
  }

  private async ask(path: string, init: RequestInit = {}): Promise<Response | null> {
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(5_000);
    // A process that is down refuses the connection, a frozen one lets it time out: both are an answer here.
    return fetch(`http://127.0.0.1:${this.port}${path}`, { headers, signal, ...init }).catch(() => null);
  }
}
