import { call, type Runtime } from '@trueup/testing/product';

/** Moves the clock of one process alone by so much from the time of all others; `back` rights it. */
export async function jumpClock(
  runtime: Runtime,
  service: string,
  byMs: number,
  replica = 0,
): Promise<{ back(): Promise<void> }> {
  const port = runtime.endpoints.adminPorts[service]![replica]!;
  const move = (offsetMs: number): Promise<unknown> => call('POST', `http://127.0.0.1:${port}/clock`, { body: { offsetMs } });
  const { now } = await runtime.status();
  const common = Date.parse(now) - Date.now();
  await move(common + byMs);
  return { back: () => move(common).then(() => undefined) };
}
