import type { BillingPeriod, Connection, Hold } from '@trueup/contracts';
import type { ServiceQuestions } from './ask-service.js';
import { failing, type Finding, note, ok } from './finding.js';

interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

type Unmapped = Page<{ customerCode: string; code: string; skus: string[] }> & { total: { customers: number; lines: number } };

/** Each connection with its state; a suspended one is a fault. */
export function connectionFindings(questions: ServiceQuestions): Promise<Finding[]> {
  return questions.judge<Page<Connection>>('connections', '/v1/connections?limit=1000', ({ data }) => {
    if (data.length === 0) return note('connections', 'none yet', 'Make one: docs/guides/connect-autotask.md; it only observes.');
    return data.map((connection) => {
      const name = `connection ${connection.label}`;
      if (connection.state === 'ready') return ok(name, `${connection.kind}, ${connection.mode}, ready`);
      const reason = connection.reason ?? 'no reason given';
      return failing(
        name,
        `suspended: ${reason}`,
        `Renew its secrets (PUT /v1/connections/${connection.id}/secrets), then POST …/check.`,
      );
    });
  });
}

/** How many changes wait for a person. */
export function holdFindings(questions: ServiceQuestions): Promise<Finding[]> {
  return questions.judge<Page<Hold>>('holds', '/v1/holds?limit=1000', ({ data, nextCursor }) => {
    if (data.length === 0) return ok('holds', 'nothing waits for a person');
    const count = nextCursor === null ? String(data.length) : `more than ${data.length}`;
    const codes = [...new Set(data.map(({ code }) => code))].join(', ');
    return note(
      'holds',
      `${count} wait for a person (${codes})`,
      '"trueup holds list" shows them, "trueup holds release" lets one pass.',
    );
  });
}

/** Customers and skus that no mapping brings to a PSA. */
export function unmappedFindings(questions: ServiceQuestions): Promise<Finding[]> {
  return questions.judge<Unmapped>('mappings', '/v1/mappings/unmapped?limit=1000', ({ data, total }) => {
    if (total.lines === 0) return ok('mappings', 'every line is mapped');
    const skus = new Set(data.flatMap((row) => row.skus));
    const detail = `${total.customers} customers, ${skus.size} skus and ${total.lines} lines are in no PSA`;
    return note('mappings', detail, 'GET /v1/mappings/unmapped names them; map customers and products, or import a file.');
  });
}

/** Events that could not be read or contradict an earlier one. */
export function quarantineFindings(questions: ServiceQuestions): Promise<Finding[]> {
  return questions.judge<Page<unknown>>('quarantine', '/v1/quarantine?limit=100', ({ data, nextCursor }) => {
    if (data.length === 0) return ok('quarantine', 'empty');
    const count = nextCursor === null ? String(data.length) : `more than ${data.length}`;
    return note('quarantine', `${count} records wait`, 'GET /v1/quarantine tells why; release or discard each.');
  });
}

/** The open period and what of those before it is not closed. */
export function periodFindings(questions: ServiceQuestions): Promise<Finding[]> {
  return questions.judge<Page<BillingPeriod>>('periods', '/v1/periods?count=3', ({ data }) => {
    const [open, ...before] = data;
    if (!open) return note('periods', 'none yet', 'PUT /v1/settings/billing-period sets closing day and time zone.');
    const waiting = before.filter(({ state }) => state !== 'closed').map(({ id, state }) => `${id} is ${state}`);
    return ok('open period', [`${open.start} to ${open.id}`, ...waiting].join('; '));
  });
}
