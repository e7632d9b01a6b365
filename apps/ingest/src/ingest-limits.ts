/** What one request may carry, as `GET /v1/ingest` publishes it. */
export const ingestLimits = {
  maxEvents: 1_000,
  maxBodyBytes: 1_048_576,
  maxEventBytes: 262_144,
  maxDepth: 32,
  maxHeaderBytes: 16_384,
  maxFutureSeconds: 300,
  /** For the whole request, and for its headers alone. */
  requestTimeoutSeconds: 30,
  headersTimeoutSeconds: 10,
  contentTypes: ['application/cloudevents+json', 'application/cloudevents-batch+json', 'application/json'],
  contentEncodings: ['identity'],
} as const;
