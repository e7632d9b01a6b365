import type { Effect, Runtime } from '@trueup/testing/product';
import type { History, SeenEffect } from '../check/history.js';
import type { TenantOnStage } from '../run/tenant-on-stage.js';
import { seeProbes } from './see-probes.js';
import { seeStores } from './see-stores.js';
import { seeTenant } from './see-tenant.js';
import { seeTopics } from './see-topics.js';

/** Looks at everything that a run left behind, from outside: topics, stores, the API, and the sandbox's own ledger. */
export async function observe(runtime: Runtime, tenants: readonly TenantOnStage[]): Promise<History> {
  const { kafkaBrokers, databaseUrl } = runtime.endpoints;
  const now = new Date((await runtime.status()).now);
  const owners = tenants.map(({ msp, scene }) => ({ tenantId: msp.tenantId, connectionId: scene.connectionId }));
  const looks = await Promise.all(tenants.map((tenant) => seeTenant(tenant, now)));
  const { quarantined, ...stores } = await seeStores(databaseUrl, owners);
  const seen = looks.map((look) => look.seen);
  return {
    tenants: seen,
    ...stores,
    ...(await seeTopics(kafkaBrokers, owners)),
    effects: await effectsOf(tenants),
    parked: [...looks.flatMap((look) => look.parked), ...quarantined],
    probes: await seeProbes(tenants, (tenant) => lineKeysOf(seen[tenants.indexOf(tenant)]!)),
  };
}

function lineKeysOf({ lines }: History['tenants'][number]): string[] {
  return lines.flatMap(({ lineKey }) => lineKey ?? []);
}

async function effectsOf(tenants: readonly TenantOnStage[]): Promise<SeenEffect[]> {
  const contracts = new Set(tenants.flatMap(({ scene }) => scene.customers.map(({ companyId }) => companyId)));
  const services = new Set(
    tenants.flatMap(({ scene }) => scene.customers.flatMap(({ lines }) => lines.map((line) => line.contractServiceId))),
  );
  const effects = await tenants[0]!.msp.sandbox.effects(Math.min(...tenants.map(({ effectsBefore }) => effectsBefore)));
  return effects.map(toEffect).filter((effect) => contracts.has(effect.contractId) || services.has(effect.contractServiceId));
}

function toEffect({ body }: Effect): SeenEffect {
  const { contractID = 0, contractServiceID = 0, effectiveDate = '', unitChange = 0 } = body;
  return { contractId: contractID, contractServiceId: contractServiceID, day: effectiveDate.slice(0, 10), delta: unitChange };
}
