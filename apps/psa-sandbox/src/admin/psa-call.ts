/** One HTTP request to a pretended PSA, taken apart so that a model needs no socket. */
export interface PsaCall {
  /** Upper case. */
  readonly method: string;
  /** Path as requested, without query text. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Header names are lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as it came, undefined without one. */
  readonly bodyText: string | undefined;
  /** Scheme and authority under which the caller reached us: a proxy in between stays in between. */
  readonly origin: string;
}

/** What a PSA answers. `body` is sent as JSON when it is an object, verbatim when it is a text. */
export interface PsaAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
}

/** A call that the sandbox itself makes: injected edits, admin edits, writes applied late. */
export interface InternalCall {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** Turns a call of the sandbox itself into the shape that models answer. */
export function toPsaCall(call: InternalCall): PsaCall {
  const [path = '', query = ''] = call.path.split('?');
  return {
    method: call.method.toUpperCase(),
    path: path.startsWith('/') ? path : `/${path}`,
    query: new URLSearchParams(query),
    headers: { 'content-type': 'application/json' },
    bodyText: call.body === undefined ? undefined : JSON.stringify(call.body),
    origin: 'http://sandbox',
  };
}

/** The call's body for the effect ledger: parsed where it is JSON, else the text. */
export function bodyForLedger(call: PsaCall): unknown {
  if (call.bodyText === undefined || call.bodyText === '') return null;
  try {
    return JSON.parse(call.bodyText);
  } catch {
    // A body that is no JSON can only belong to a call that changed nothing; keep it readable.
    return call.bodyText;
  }
}
