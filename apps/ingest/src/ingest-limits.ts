/** What one request may carry, as `GET /v1/ingest` publishes it. */
export const ingestLimits = {
  maxEvents: 1_000,
  maxBodyBytes: 1_048_576,
  maxFutureSeconds: 300,
  contentTypes: ['application/cloudevents+json', 'application/cloudevents-batch+json'],
} as const;
