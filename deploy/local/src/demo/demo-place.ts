import { type JsonCall, jsonCall } from './json-call.js';
import type { DemoEvent } from './demo-event.js';

/** Where the demo is played: addresses and tokens of a running product. */
export interface DemoAddresses {
  readonly apiUrl: string;
  readonly ingestUrl: string;
  readonly sandboxUrl: string;
  readonly tokens: { readonly admin: string; readonly events: string };
}

const batchSize = 1000; // what ingest takes at once

/** The running product as the demo uses it: over HTTP alone, as a customer would. */
export class DemoPlace {
  constructor(readonly addresses: DemoAddresses) {}

  api(method: string, path: string, body?: unknown, contentType?: string): Promise<unknown> {
    const { apiUrl, tokens } = this.addresses;
    const call: JsonCall = {
      token: tokens.admin,
      ...(body !== undefined && { body }),
      ...(contentType !== undefined && { contentType }),
    };
    return jsonCall(method, `${apiUrl}/v1${path}`, call);
  }

  /** The admin side of the PSA sandbox. */
  sandbox(method: string, path: string, body?: unknown): Promise<unknown> {
    return jsonCall(method, `${this.addresses.sandboxUrl}/_sandbox/${path}`, { ...(body !== undefined && { body }) });
  }

  /** Posts events in batches, one after the other. */
  async post(events: readonly DemoEvent[]): Promise<void> {
    for (let at = 0; at < events.length; at += batchSize) {
      await jsonCall('POST', `${this.addresses.ingestUrl}/v1/events`, {
        token: this.addresses.tokens.events,
        contentType: 'application/cloudevents-batch+json',
        body: events.slice(at, at + batchSize),
      });
    }
  }
}
