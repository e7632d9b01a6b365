import { actorOf, type ProvisioningEvent, type Quantity } from '@trueup/contracts';
import { toUtcMillis } from '../order/utc-time.js';
import type { AssignedContent, QuantityStep, Segment, SegmentEnd, SegmentStart } from './assignment-state.js';

const LINE_PARTS = ['planCode', 'sku', 'term', 'billingPlan', 'siteCode'] as const;

/** The segments of an assignment while events are applied; never changes a segment that it was given. */
export class DraftAssignment {
  private readonly segments: Segment[];
  // Steps that this draft made itself may grow in place: a long run of quantity changes costs one copy, not one each.
  private ownSteps: QuantityStep[] = [];

  constructor(segments: readonly Segment[]) {
    this.segments = [...segments];
  }

  finished(): Segment[] {
    return this.segments;
  }

  /** The open segment, if anything is held. */
  held(): Segment | undefined {
    const last = this.segments.at(-1);
    return last?.to === undefined ? last : undefined;
  }

  open(event: ProvisioningEvent, content: AssignedContent, quantity: Quantity): void {
    this.push(event, 'assigned', content, quantity);
  }

  close(event: ProvisioningEvent, closed: SegmentEnd): void {
    const open = this.segments.pop()!;
    const end = { to: toUtcMillis(event.time), toEventId: event.id, toActor: actorOf(event), closed };
    if (end.to > open.from) this.segments.push({ ...open, steps: open.steps.filter((step) => step.at < end.to), ...end });
    else this.passEndOn(open, end);
  }

  /** Another content from now on, at this quantity; a change of names alone is no change in time. */
  change(event: ProvisioningEvent, content: AssignedContent, quantity: Quantity): boolean {
    const open = this.held()!;
    if (isSameLine(open.content, content)) {
      this.segments[this.segments.length - 1] = { ...open, content };
      return this.setQuantity(event, quantity);
    }
    this.close(event, 'changed');
    const isFirst = open.from === toUtcMillis(event.time) && open.opened === 'assigned';
    this.push(event, isFirst ? 'assigned' : 'changed', content, quantity);
    return true;
  }

  /** Whether the quantity differs from the one in force. */
  setQuantity(event: ProvisioningEvent, quantity: Quantity): boolean {
    const open = this.held()!;
    if (open.steps.at(-1)!.quantity === quantity) return false;
    if (open.steps !== this.ownSteps) {
      this.ownSteps = [...open.steps];
      this.segments[this.segments.length - 1] = { ...open, steps: this.ownSteps };
    }
    setStep(this.ownSteps, { at: toUtcMillis(event.time), quantity, eventId: event.id, actor: actorOf(event) });
    return true;
  }

  private push(event: ProvisioningEvent, opened: SegmentStart, content: AssignedContent, quantity: Quantity): void {
    const at = toUtcMillis(event.time);
    const actor = actorOf(event);
    const steps = [{ at, quantity, eventId: event.id, actor }];
    this.segments.push({ from: at, fromEventId: event.id, fromActor: actor, opened, content, steps });
  }

  // What was dropped for having no length had itself replaced something at that instant: that one now ends by this event.
  private passEndOn(dropped: Segment, end: Pick<Segment, 'to' | 'toEventId' | 'toActor' | 'closed'>): void {
    const before = this.segments.at(-1);
    if (dropped.opened !== 'changed' || before === undefined || before.to !== end.to) return;
    this.segments[this.segments.length - 1] = { ...before, ...end };
  }
}

function setStep(steps: QuantityStep[], step: QuantityStep): void {
  if (steps.at(-1)!.at === step.at) steps.pop();
  if (steps.at(-1)?.quantity !== step.quantity) steps.push(step);
}

function isSameLine(a: AssignedContent, b: AssignedContent): boolean {
  return LINE_PARTS.every((part) => a[part] === b[part]);
}
