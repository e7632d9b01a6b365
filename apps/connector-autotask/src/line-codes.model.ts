import { type Code, type CodeMeaning, type Outcome } from '@trueup/contracts';
import { elevenVouchedFor, golden, stepsOf, type SandboxScene } from './sandbox-scene.model.js';

/** How a code is brought about, and what a person must be told with it. */
export interface CodeCase {
  /** Kind of the outcome that carries the code. */
  kind: Outcome['kind'];
  means: Pick<CodeMeaning, 'level' | 'owner'>;
  alias?: string;
  /** What the remedy must tell the person to do. */
  remedy?: RegExp;
  /** What the message must name. */
  message?: RegExp;
  provoke: (scene: SandboxScene) => Promise<unknown>;
}

export type CodeCases = Partial<Record<Code, CodeCase>>;

export const info = { level: 'Info', owner: 'finance' } as const;
export const warning = { level: 'Warning', owner: 'finance' } as const;
const error = { level: 'Error', owner: 'finance' } as const;

export const eleven: [string, string] = ['2026-07-01', '11'];
/** From eleven units to fourteen on the 13th. */
export const raise = { ...elevenVouchedFor, steps: stepsOf(eleven, ['2026-07-13', '14']) };
export const wholePeriod = (units: string) => ({ ...elevenVouchedFor, prorate: false, steps: stepsOf(['2026-07-01', units]) });
const backup = { product: { ref: '413', sku: 'B' }, mayCreateLine: true, ...wholePeriod('2') };

export const fault = (scene: SandboxScene, body: object) => scene.admin('POST', 'faults', body);
export const state = (scene: SandboxScene, more: object) => scene.admin('PUT', 'state', { ...golden, ...more });

/** What is found, missing, written or refused at a line. */
export const lineCodes: CodeCases = {
  LINE_UPDATED: {
    kind: 'delivered',
    means: info,
    alias: 'AT09',
    message: /11 → 14 from 2026-07-13/,
    provoke: (scene) => scene.deliver(raise),
  },
  LINE_UNCHANGED: {
    kind: 'unchanged',
    means: { level: 'Verbose', owner: 'finance' },
    alias: 'AT10',
    provoke: (scene) => scene.deliver({ steps: stepsOf(eleven) }),
  },
  LINE_CREATED: { kind: 'created', means: info, alias: 'AT11', message: /0 → 2/, provoke: (scene) => scene.deliver(backup) },
  LINE_ZEROED: {
    kind: 'zeroed',
    means: info,
    alias: 'AT13',
    message: /11 → 0/,
    provoke: (scene) => scene.deliver(wholePeriod('0')),
  },
  CUSTOMER_NOT_FOUND: {
    kind: 'rejected',
    means: warning,
    alias: 'AT05',
    remedy: /billing identifier/,
    message: /999/,
    provoke: (scene) => scene.deliver({ account: { billingIdentifier: '999' } }),
  },
  CUSTOMER_AMBIGUOUS: {
    kind: 'rejected',
    means: warning,
    remedy: /map by id/,
    message: /2 companies .* ACME/,
    provoke: async (scene) => {
      await state(scene, { companies: [...golden.companies, { id: 175, companyName: 'Acme South', companyNumber: 'acme' }] });
      await scene.open({ companyMatch: 'companyNumber' });
      await scene.deliver({ account: { billingIdentifier: 'ACME' } });
    },
  },
  AGREEMENT_NOT_FOUND: {
    kind: 'rejected',
    means: warning,
    alias: 'AT06',
    remedy: /Create the recurring agreement/,
    message: /Company 174 .* 2026-07-20/,
    provoke: async (scene) => {
      await state(scene, { contracts: [{ ...golden.contracts[0], endDate: '2026-07-19' }] });
      await scene.deliver({});
    },
  },
  AGREEMENT_AMBIGUOUS: {
    kind: 'rejected',
    means: warning,
    remedy: /Name the agreement/,
    provoke: async (scene) => {
      await state(scene, { contracts: [...golden.contracts, { ...golden.contracts[0], id: 7002 }] });
      await scene.deliver({});
    },
  },
  PRODUCT_NOT_FOUND: {
    kind: 'rejected',
    means: warning,
    alias: 'AT08',
    remedy: /product reference/,
    message: /999/,
    provoke: (scene) => scene.deliver({ product: { ref: '999', sku: 'S' } }),
  },
  PRODUCT_AMBIGUOUS: {
    kind: 'rejected',
    means: warning,
    remedy: /map by id/,
    message: /2 services .* Seat/,
    provoke: async (scene) => {
      await state(scene, { services: golden.services.map((each) => ({ ...each, description: 'Seat' })) });
      await scene.open({ skuField: 'description' });
      await scene.deliver({ product: { ref: 'Seat', sku: 'S' } });
    },
  },
  LINE_AMBIGUOUS: {
    kind: 'rejected',
    means: warning,
    remedy: /leave one/,
    provoke: async (scene) => {
      await state(scene, {
        contractServices: [...golden.contractServices, { id: 9051, contractID: 7001, serviceID: 412, units: 1 }],
      });
      await scene.deliver({ steps: stepsOf(eleven) });
    },
  },
  LINE_MISSING: {
    kind: 'rejected',
    means: warning,
    alias: 'AT12',
    remedy: /allow the connection to create/,
    provoke: (scene) => scene.deliver({ ...backup, mayCreateLine: false }),
  },
  LINE_CLAIMED_TWICE: {
    kind: 'held',
    means: error,
    remedy: /correct the mapping/,
    message: /al_1/,
    provoke: async (scene) => {
      await scene.deliver({ steps: stepsOf(eleven) });
      await scene.deliver({ agreementLineKey: 'al_2', steps: stepsOf(eleven) });
    },
  },
  LINE_CREATE_FAILED: {
    kind: 'rejected',
    means: error,
    alias: 'AT14',
    remedy: /answer of the PSA/,
    message: /BillingCode does not exist/,
    provoke: async (scene) => {
      await fault(scene, {
        kind: '500-before-commit',
        text: 'BillingCode does not exist or is invalid',
        match: { access: 'write' },
      });
      await scene.deliver(backup);
    },
  },
  LINE_UPDATE_FAILED: {
    kind: 'rejected',
    means: error,
    remedy: /answer of the PSA/,
    message: /not today/,
    provoke: async (scene) => {
      await fault(scene, { kind: '500-before-commit', text: 'not today', match: { access: 'write' } });
      await scene.deliver(raise);
    },
  },
};
