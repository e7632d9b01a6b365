import { UnexpectedAnswer } from '@trueup/testing/product';
import type { History } from '../check/history.js';
import type { TenantOnStage } from '../run/tenant-on-stage.js';

/** Asks with each tenant's token for what belongs to the other; every answer but 404 (or 403) says too much. */
export async function seeProbes(
  tenants: readonly TenantOnStage[],
  lineKeysOf: (tenant: TenantOnStage) => readonly string[],
): Promise<History['probes']> {
  const probes: History['probes'][number][] = [];
  for (const asking of tenants) {
    for (const owner of tenants.filter((tenant) => tenant !== asking)) {
      const paths = [
        `/connections/${owner.scene.connectionId}`,
        ...lineKeysOf(owner)
          .slice(0, 3)
          .map((key) => `/lines/${key}`),
      ];
      for (const path of paths) probes.push({ asks: path, by: asking.role, status: await statusOf(asking, path) });
    }
  }
  return probes;
}

async function statusOf({ msp }: TenantOnStage, path: string): Promise<number> {
  try {
    await msp.api('GET', path);
    return 200;
  } catch (error) {
    if (error instanceof UnexpectedAnswer) return error.status;
    throw error;
  }
}
