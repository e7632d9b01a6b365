import type { CloudEvent, Msp, Runtime, Scene } from '@trueup/testing/product';
import type { Finding } from './check/verdict.js';
import type { BatchAnswer } from './load/post-batch.js';

/** How the runtime must be started for a fault; runs with equal needs share one runtime. */
export interface RuntimeNeeds {
  /** Processes per service. Default: one each. */
  replicas?: Readonly<Record<string, number>>;
  /** Kafka brokers: one, or three with two in-sync replicas required. Default 1. */
  brokers?: 1 | 3;
  /** What the caller of `npm start` sets, e.g. the address of a proxy before a part. */
  environment?: Readonly<Record<string, string>>;
  /** The fault leaves the runtime in a state that no other run should meet. Default false. */
  isSpent?: boolean;
}

/** One way of breaking the product, and what must hold all the same. */
export interface Fault {
  /** `F1` to `F32`. */
  id: string;
  /** What is broken, e.g. `ingest is killed in mid-batch`. */
  title: string;
  /** What must hold beyond: nothing lost, doubled, leaked or reordered. */
  mustHold: string;
  needs?: RuntimeNeeds;
  /** Breaks things while both tenants' events flow. When it resolves, the fault is over: what it took down may come back. */
  inject(run: FaultRun): Promise<void>;
  /** What the checker may find because of the fault itself, e.g. versions that a restored database gives again; it is not counted. */
  excuses?(finding: Finding): boolean;
  /** Looks at the settled product before the checker does, e.g. to claim what only shows then. */
  afterwards?(run: FaultRun): Promise<void>;
}

/** What a fault may use and tell. */
export interface FaultRun {
  seed: number;
  /** The next number in [0, 1) of this run; everything that varies comes from here, so that a run can be repeated from its seed. */
  random(): number;
  runtime: Runtime;
  /** The tenant whose events, units and writes are checked. */
  main: LoadedTenant;
  /** Another tenant with the same codes: what shows up there or from there is a leak. Its events flow by themselves during `inject`. */
  neighbour: LoadedTenant;
  /** Waits until nothing is in flight, with the neighbour's events held back meanwhile; fails with what still is. Default: 180 s. */
  settled(withinSeconds?: number): Promise<void>;
  /** A figure of the fault's own for table and file, e.g. `refused` 12. */
  figure(name: string, value: number): void;
  /** What the fault's own `mustHold` says; a false claim fails the run and is printed. */
  claim(sentence: string, isTrue: boolean): void;
  /** So many lines and records must stay parked in the end, because a person has to look at them. Default 0. */
  parks(count: number): void;
}

/** A tenant with a stage in the sandbox and a sender that never gives up on an event. */
export interface LoadedTenant {
  msp: Msp;
  scene: Scene;
  load: Load;
}

/** A sender with a ledger of what it meant, what was acknowledged, and what must be billed in the end. */
export interface Load {
  /** Sends the next `count` generated events in batches of `batch` (default 7); each is repeated with the same id until it is acknowledged. */
  send(count: number, options?: { batch?: number }): Promise<void>;
  /** Begins to send `perSecond` events in the background; `stop` resolves when all of them are acknowledged. */
  start(perSecond: number): { stop(): Promise<void> };
  /** The next `count` generated events, not sent yet: they are meant from now on, so have them delivered. */
  draw(count: number): Promise<CloudEvent[]>;
  /** Repeats these events, drawn or made by the fault itself, until each is acknowledged. Those known already are repeats on purpose. */
  deliver(events: readonly CloudEvent[]): Promise<void>;
  /** One request with events that are drawn already; answers what came of it and never throws. */
  post(events: readonly CloudEvent[]): Promise<BatchAnswer>;
  /** Events with at least one 2xx so far. */
  readonly acknowledged: readonly CloudEvent[];
  /** Requests so far by status; 0: no answer. */
  readonly answers: ReadonlyMap<number, number>;
}
