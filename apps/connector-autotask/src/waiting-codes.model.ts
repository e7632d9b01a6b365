import type { CodeMeaning } from '@trueup/contracts';
import { eleven, fault, info, raise, state, warning, wholePeriod, type CodeCases } from './line-codes.model.js';
import { elevenVouchedFor, golden, secrets, stepsOf, type SandboxScene } from './sandbox-scene.model.js';

const HOUR_MS = 3_600_000;
const sre = (level: CodeMeaning['level']) => ({ level, owner: 'sre' }) as const;
const setConnection = (scene: SandboxScene, more: object) => (scene.bench.connection = { ...scene.bench.connection, ...more });

/** What the PSA, the calendar or the settings do to a line. */
export const waitingCodes: CodeCases = {
  PSA_UNREACHABLE: {
    kind: 'deferred',
    means: sre('Error'),
    alias: 'AT02',
    remedy: /base address, the network/,
    message: /503/,
    provoke: async (scene) => {
      await fault(scene, { kind: '503-html', match: { path: 'Companies' } });
      await scene.deliver(raise);
    },
  },
  BREAKER_OPEN: {
    kind: 'deferred',
    means: sre('Warning'),
    remedy: /goes on by itself/,
    provoke: async (scene) => {
      await fault(scene, { kind: '503-html', count: 'always' });
      await scene.deliver(raise);
      for (let i = 0; i < 8; i++) await scene.bench.run(31_000);
    },
  },
  RATE_LIMITED: {
    kind: 'deferred',
    means: sre('Info'),
    remedy: /budget of calls/,
    provoke: async (scene) => {
      await fault(scene, { kind: '429', retryAfter: 300, match: { path: 'Companies' } });
      await scene.deliver(raise);
    },
  },
  OUTCOME_UNSETTLED: {
    kind: 'unsettled',
    means: sre('Warning'),
    remedy: /looked up before anything is sent again/,
    message: /11 → 14/,
    provoke: async (scene) => {
      await fault(scene, { kind: 'drop-before-apply' });
      await scene.deliver(raise);
    },
  },
  EFFECTIVE_DATE_TAKEN: {
    kind: 'deferred',
    means: warning,
    remedy: /one change a day and line/,
    message: /2026-08-01/,
    provoke: async (scene) => {
      await state(scene, { switches: { sameDateRule: 'always' } });
      await scene.deliver(wholePeriod('12'));
      await scene.deliver(wholePeriod('13'), 2);
    },
  },
  EFFECTIVE_DATE_SHIFTED: {
    kind: 'deferred',
    means: info,
    remedy: /shown date/,
    message: /after 2026-07-31/,
    provoke: async (scene) => {
      await state(scene, { contracts: [{ ...golden.contracts[0], endDate: '2026-07-31' }] });
      await scene.deliver({ ...raise, prorate: false });
    },
  },
  PERIOD_POSTED: {
    kind: 'held',
    means: warning,
    remedy: /difference is listed/,
    message: /2026-07-01 lies in a posted period/,
    provoke: async (scene) => {
      await scene.admin('POST', 'post-period', { contractId: 7001, periodStart: '2026-07-01' });
      await scene.open({ onPostedPeriod: 'hold' });
      await scene.deliver(wholePeriod('12'));
    },
  },
  WAITS_FOR_DATE: {
    kind: 'deferred',
    means: info,
    remedy: /goes out by itself/,
    message: /written as one when the day is over/,
    provoke: (scene) => scene.deliver({ ...elevenVouchedFor, steps: stepsOf(eleven, ['2026-07-20', '12']) }),
  },
  DIFFERS_AT_START: {
    kind: 'held',
    means: warning,
    remedy: /overwrite, adopt or exclude/,
    message: /theirs 11 .* ours 3/,
    provoke: (scene) => scene.deliver({ steps: stepsOf(['2026-07-01', '3']) }),
  },
  DRIFT_DETECTED: {
    kind: 'held',
    means: warning,
    remedy: /overwrite, adopt or exclude/,
    message: /theirs .* 20 from 2026-07-15; ours .* 14 from 2026-07-13/,
    provoke: async (scene) => {
      await scene.deliver(raise);
      const adjustment = { contractServiceID: 9050, contractID: 7001, unitChange: 6, effectiveDate: '2026-07-15' };
      const path = '/ATServicesRest/V1.0/Contracts/7001/ServiceAdjustments';
      await scene.admin('POST', 'calls', { method: 'POST', path, body: adjustment });
      scene.bench.later(HOUR_MS);
      await scene.deliver({ steps: stepsOf(eleven, ['2026-07-13', '14'], ['2026-07-16', '15']) }, 2);
    },
  },
  CAPABILITY_MISSING: {
    kind: 'rejected',
    means: sre('Warning'),
    remedy: /by hand/,
    message: /whole units, not 1.5/,
    provoke: (scene) => scene.deliver({ ...elevenVouchedFor, steps: stepsOf(['2026-07-01', '1.5']) }),
  },
  SETTINGS_STALE: {
    kind: 'deferred',
    means: sre('Info'),
    remedy: /released again/,
    provoke: async (scene) => {
      setConnection(scene, { epoch: 2 });
      await scene.deliver({ ...raise, epoch: 1 });
    },
  },
  SECRETS_INVALID: {
    kind: 'deferred',
    means: sre('Error'),
    alias: 'AT16',
    remedy: /Enter the secrets/,
    message: /401/,
    provoke: async (scene) => {
      setConnection(scene, { secrets: { ...secrets, Secret: 'wrong' } });
      await scene.deliver(raise);
    },
  },
  SECRET_MISSING: {
    kind: 'deferred',
    means: sre('Error'),
    alias: 'AT18',
    remedy: /named secret/,
    message: /ApiIntegrationCode/,
    provoke: async (scene) => {
      setConnection(scene, { secrets: { ...secrets, ApiIntegrationCode: '' } });
      await scene.deliver(raise);
    },
  },
  CONFIG_INVALID: {
    kind: 'deferred',
    means: sre('Error'),
    alias: 'AT17',
    remedy: /named setting/,
    message: /none of this PSA's hosts/,
    provoke: async (scene) => {
      setConnection(scene, { baseUrl: 'https://elsewhere.example.org' });
      await scene.deliver(raise);
    },
  },
};
