import type { Principal } from '@trueup/access';
import { PROVISIONING_EVENTS, type ProvisioningEvent, toEventRecord } from '@trueup/contracts';
import { childTraceparent, type LogPublisher, type OutRecord, PublishRefused, type TraceHeaders } from '@trueup/kafka';
import { crashPoint } from '@trueup/service';
import type { AcceptedCount } from './accepted-count.js';
import { counted } from './count-events.js';
import { type IngestAnswer, toAnswer } from './ingest-answer.js';
import { refuse, type Refusal } from './ingest-problem.js';
import { judgeEvents, parseInputs, withholdUnlessAll } from './judge-events.js';
import type { KnownEvents } from './known-events.js';
import type { Envelope } from './read-envelope.js';
import { within } from './within.js';

/** Longest wait for the event store. */
const STORE_WITHIN_MS = 3_000;

export interface EventReceiverParts {
  publisher: LogPublisher;
  knownEvents: KnownEvents;
  /** Told what the log has acknowledged. */
  accepted: Pick<AcceptedCount, 'add'>;
  now: () => Date;
}

/** How a sender wants its request taken. */
export interface ReceiveOptions {
  /** All or nothing. */
  isAtomic: boolean;
  /** The W3C trace of the request. */
  trace: TraceHeaders;
}

/** Takes the events of one request: judges them, publishes the new ones, and answers only when the log has them on all in-sync replicas. */
export class EventReceiver {
  private requests = 0;

  constructor(private readonly parts: EventReceiverParts) {}

  /** Requests whose answer is still open. */
  get underWay(): number {
    return this.requests;
  }

  /** Publishes what is new and answers per event, or refuses the whole request. */
  async receive(principal: Principal, envelope: Envelope, options: ReceiveOptions): Promise<IngestAnswer | Refusal> {
    this.requests += 1;
    try {
      return counted(await this.take(principal, envelope, options));
    } finally {
      this.requests -= 1;
    }
  }

  private async take(
    { tenantId, reach }: Principal,
    envelope: Envelope,
    { isAtomic, trace }: ReceiveOptions,
  ): Promise<IngestAnswer | Refusal> {
    const now = this.parts.now();
    const parsed = parseInputs(envelope, now, reach);
    const identities = parsed.flatMap((each) => ('event' in each ? [each.event] : []));
    const known = await this.known(tenantId, identities);
    if (!known) return refuse('dependency-unavailable', 'Repeats cannot be recognised at the moment; try again');
    const judged = judgeEvents(parsed, known);
    const verdicts = isAtomic ? withholdUnlessAll(judged) : judged;
    const accepted = verdicts.flatMap((verdict) => (verdict.status === 'accepted' ? [verdict.event] : []));
    return (await this.publish(accepted, tenantId, now, trace)) ?? toAnswer(verdicts);
  }

  private async known(tenantId: string, events: readonly ProvisioningEvent[]): Promise<Map<string, string> | null> {
    try {
      return await within(STORE_WITHIN_MS, this.parts.knownEvents.find(tenantId, events));
    } catch {
      return null; // the event store is away, and with it the check of tokens: the sender comes back
    }
  }

  private async publish(
    events: readonly ProvisioningEvent[],
    tenantId: string,
    now: Date,
    requestTrace: TraceHeaders,
  ): Promise<Refusal | null> {
    const trace = { ...requestTrace, traceparent: childTraceparent(requestTrace.traceparent) };
    const recordedAt = now.toISOString();
    crashPoint('ingest.before-publish');
    try {
      await this.parts.publisher.publish(
        PROVISIONING_EVENTS,
        events.map((event) => toOutRecord(tenantId, recordedAt, event, trace)),
      );
      this.parts.accepted.add(tenantId, now, events.length);
      crashPoint('ingest.before-answer');
      return null;
    } catch (error) {
      if (!(error instanceof PublishRefused)) throw error;
      return refuse('broker-unavailable', 'The log did not acknowledge in time. Send the same events again: repeats count once');
    }
  }
}

/** The sender's own trace stays; events without one share a step of the request's trace. */
function toOutRecord(tenantId: string, recordedAt: string, event: ProvisioningEvent, trace: TraceHeaders): OutRecord {
  const { value, headers } = toEventRecord({ tenantId, recordedAt, event });
  if (!headers['traceparent']) Object.assign(headers, trace);
  const key = `${tenantId}/${event.subject}`;
  return { key, partitionBy: key, value, headers };
}
