import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { call } from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';
import { OwnPsa } from '../psa/own-psa.js';
import { PROBES, replicasOf } from '../psa/replicas.js';
import { underLoad } from '../psa/under-load.js';

const REPLICAS = 2;
const TOKENS = 3;
const GRACE_MS = 1_000;
const WATCH_MS = 2_500;
/** The longest that a request under way may last when its secret is replaced. */
const DEADLINE_MS = 5_000;

const EVENTS_PER_SECOND = 5;

interface Use {
  url: string;
  /** When it was sent, and when its answer was there. */
  sentMs: number;
  status: number;
}

/** What was allowed is taken away while everything runs. */
export const f27WithdrawnAccess: Fault = {
  id: 'F27',
  title: "tokens are deleted and a PSA's secrets are replaced under load",
  mustHold:
    'a deleted token opens nothing one second later, on any replica; an old secret is not used beyond the calls under way',
  needs: { replicas: { ingest: REPLICAS, api: REPLICAS, 'connector-autotask': REPLICAS } },
  inject: async (run) => {
    const psa = await OwnPsa.of(run.main, { readTimeoutMs: DEADLINE_MS, writeTimeoutMs: DEADLINE_MS });
    const secondUser = await addApiUser(run);
    await underLoad(run, EVENTS_PER_SECOND, async () => {
      for (let n = 0; n < TOKENS; n++) await deleteToken(run, n);
      await replaceSecrets(run, psa, secondUser);
    });
  },
};

/** Uses one token on every replica all the time, deletes it, and looks at what it still opened. */
async function deleteToken(run: FaultRun, n: number): Promise<void> {
  const { main, runtime } = run;
  const body = { label: `short-lived ${n}`, scopes: ['billing:read', 'events:write'], reach: 'tenant' };
  const made = await main.msp.api<{ id: string; token: string }>('POST', '/tokens', { body, expect: 201 });
  const urls = { api: await replicasOf(runtime, 'api'), ingest: await replicasOf(runtime, 'ingest') };
  const stopping = new AbortController();
  const uses: Use[] = [];
  const using = (Object.keys(PROBES) as (keyof typeof PROBES)[]).flatMap((service) =>
    urls[service].map((url) => useOn(url, service, made.token, uses, stopping.signal)),
  );
  await wait(300 + run.random() * 700);
  await main.msp.api('DELETE', `/tokens/${made.id}`);
  const deletedMs = performance.now();
  await wait(WATCH_MS);
  stopping.abort();
  await Promise.all(using);
  claimClosed(run, uses, deletedMs, urls.api.length + urls.ingest.length);
}

async function useOn(
  url: string,
  service: keyof typeof PROBES,
  token: string,
  uses: Use[],
  stopping: AbortSignal,
): Promise<void> {
  const { method, path } = PROBES[service];
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' };
  while (!stopping.aborted) {
    const sentMs = performance.now();
    // An empty batch: whoever may post is told that it is empty, which is no event.
    const answer = await fetch(`${url}${path}`, { method, headers, ...(method === 'POST' && { body: '[]' }) });
    await answer.text();
    uses.push({ url, sentMs, status: answer.status });
    await wait(25);
  }
}

function claimClosed(run: FaultRun, uses: readonly Use[], deletedMs: number, replicas: number): void {
  const opened = uses.filter(({ status }) => status !== 401);
  const lastMs = Math.max(...opened.map(({ sentMs }) => sentMs)) - deletedMs;
  const late = opened.filter(({ sentMs }) => sentMs > deletedMs + GRACE_MS).length;
  run.figure('lateOpened', late);
  run.figure('lastOpened_ms', Math.round(lastMs));
  run.claim(
    `all ${2 * REPLICAS} replicas were asked, and opened before`,
    new Set(opened.map(({ url }) => url)).size === 2 * REPLICAS && replicas === 2 * REPLICAS,
  );
  run.claim('a deleted token opens nothing one second later', late === 0);
  run.claim(
    'every replica was asked after that',
    new Set(uses.filter(({ sentMs }) => sentMs > deletedMs + GRACE_MS).map(({ url }) => url)).size === replicas,
  );
}

interface ApiUser {
  userName: string;
  secret: string;
  integrationCode: string;
}

/** A second API user in the PSA, so that old and new secrets both work there and only we decide which is used. */
async function addApiUser({ main, seed }: FaultRun): Promise<ApiUser> {
  const { url } = main.msp.sandbox;
  const { users } = await call<{ users: ApiUser[] }>('GET', `${url}/_sandbox/state`);
  const added = {
    userName: `rotated-${seed}@sandbox.example`,
    secret: `rotated-secret-${seed}`,
    integrationCode: 'SANDBOX-CODE',
  };
  const others = users.filter(({ userName }) => userName !== added.userName);
  await call('PATCH', `${url}/_sandbox/state`, { body: { users: [...others, added] } });
  return added;
}

async function replaceSecrets(run: FaultRun, psa: OwnPsa, { userName, secret, integrationCode }: ApiUser): Promise<void> {
  const { msp, scene } = run.main;
  await wait(1_500);
  const body = { UserName: userName, Secret: secret, ApiIntegrationCode: integrationCode };
  const since = await psa.lastCall();
  const { offsetMs } = await call<{ offsetMs: number }>('GET', `${msp.sandbox.url}/_sandbox/clock`);
  await msp.api('PUT', `/connections/${scene.connectionId}/secrets`, { body });
  const replacedMs = Date.now() + offsetMs;
  await wait(2 * DEADLINE_MS);
  const calls = await psa.calls(since);
  const isNew = callerOf(userName, secret);
  const old = calls.filter(({ caller }) => caller !== isNew).map(({ at }) => Date.parse(at) - replacedMs);
  run.figure('lastOldSecret_ms', old.length === 0 ? 0 : Math.max(...old));
  run.figure('callsWithNewSecret', calls.length - old.length);
  run.claim('the new secret is used', calls.length > old.length);
  run.claim(
    'no call with the old secret begins after the rotation and the deadline of calls under way',
    old.every((ms) => ms <= DEADLINE_MS),
  );
}

const callerOf = (userName: string, secret: string): string =>
  `${userName}#${createHash('sha256').update(secret).digest('hex').slice(0, 12)}`;
