import type { Runtime } from '../runtime.js';
export async function prepareDemo(_r: Runtime, _o: unknown): Promise<Record<string, string>> {
  return {};
}
