import type { PsaRecord } from '../../admin/record-table.js';
import type { RecordTables } from '../../admin/record-tables.js';
import type { Entity } from '../entities/entity.js';
import { toWireRecord } from '../field-values.js';
import { refuse } from '../refusal.js';
import { isMatch } from './matches.js';
import { candidates } from './candidates.js';
import type { PageMemory, RememberedPage } from './page-memory.js';
import type { QueryRequest } from './query-request.js';

/** Where the pages of a query are found: `<origin><base>/<Entity>`. */
export interface QueryAddress {
  readonly method: string;
  readonly collectionUrl: string;
}

/** All records that a query matches, by id. */
export function matchingRecords(tables: RecordTables, entity: Entity, { filter }: QueryRequest): PsaRecord[] {
  const found = candidates(tables, entity, filter) ?? tables.all(entity.path);
  return found.filter((record) => filter.every((condition) => isMatch(condition, record)));
}

/** The page of a query that follows `page.afterId`, with the addresses of its neighbours. */
export function answerPage(
  records: readonly PsaRecord[],
  entity: Entity,
  page: RememberedPage,
  ownToken: string | null,
  memory: PageMemory,
  address: QueryAddress,
): object {
  const { maxRecords, only } = page.request;
  const rest = records.filter((record) => Number(record['id']) > page.afterId);
  const shown = rest.slice(0, maxRecords);
  const hasNext = rest.length > shown.length;
  if (hasNext && only && !only.some(({ name }) => name === 'id')) {
    refuse('The id field must be included when more records match than one page holds.');
  }
  const urlOf = (token: string) => `${address.collectionUrl}/query/next?paging=${token}`;
  const next = hasNext ? nextPage(page, Number(shown.at(-1)!['id']), ownToken, memory) : null;
  return {
    items: shown.map((record) => toWireRecord(entity, record, only)),
    pageDetails: {
      count: shown.length,
      requestCount: maxRecords,
      prevPageUrl: page.previous === null ? null : urlOf(page.previous),
      nextPageUrl: next === null ? null : urlOf(next),
    },
  };
}

function nextPage(page: RememberedPage, afterId: number, ownToken: string | null, memory: PageMemory): string {
  // The first page has no token until another page must point back to it.
  const previous = ownToken ?? memory.remember(page);
  return memory.remember({ ...page, afterId, previous });
}
