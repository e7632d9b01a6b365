import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Page } from '../http/page.js';
import type { CsvTable } from './csv-table.js';

/** How many rows are read and held at a time. */
export const CSV_PAGE_SIZE = 1000;

/**
 * Streams a list page by page as a file. The first page is read before the answer begins, so that a refusal is still a problem; a fault
 * in a later one cuts the answer off without its end, which no client takes for the whole file.
 */
export async function sendCsv<T>(
  reply: FastifyReply,
  fileName: string,
  table: CsvTable<T>,
  readPage: (cursor: string | undefined) => Promise<Page<T>>,
): Promise<void> {
  const first = await readPage(undefined);
  reply.header('Content-Disposition', `attachment; filename="${fileName}"`);
  await reply.type('text/csv; charset=utf-8').send(Readable.from(texts(table, first, readPage)));
}

async function* texts<T>(
  table: CsvTable<T>,
  first: Page<T>,
  readPage: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<string> {
  yield table.head() + table.rows(first.data);
  for (let page = first; page.nextCursor !== null;) {
    page = await readPage(page.nextCursor);
    yield table.rows(page.data);
  }
}
