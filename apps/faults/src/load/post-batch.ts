import type { CloudEvent, IngestAnswer } from '@trueup/testing/product';

/** What came of one request: its status (0: no answer), and what it says of each event. */
export interface BatchAnswer {
  status: number;
  results: { id: string; status: 'accepted' | 'duplicate' | 'rejected'; why?: string }[];
  /** How long the answer asks us to wait. */
  retryAfterMs?: number;
}

const ANSWER_WITHIN_MS = 15_000;

/** Posts events once; never throws, because no answer is an answer to a sender that repeats. */
export async function postBatch(ingestUrl: string, token: string, events: readonly CloudEvent[]): Promise<BatchAnswer> {
  try {
    const answer = await fetch(`${ingestUrl}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return read(answer.status, await answer.text(), answer.headers.get('retry-after'));
  } catch {
    return { status: 0, results: [] }; // refused, reset, cut or timed out: the sender knows nothing and repeats
  }
}

function read(status: number, text: string, retryAfter: string | null): BatchAnswer {
  const hasFates = status === 202 || status === 207 || status === 422;
  const body = (hasFates ? JSON.parse(text) : {}) as Partial<IngestAnswer>;
  const results = (body.results ?? []).map((result) => ({
    id: result.id,
    status: result.status,
    why: JSON.stringify((result as { problem?: unknown }).problem ?? null),
  }));
  return { status, results, ...(retryAfter !== null && { retryAfterMs: Number(retryAfter) * 1000 }) };
}
