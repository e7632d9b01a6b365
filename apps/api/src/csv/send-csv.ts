import { Readable } from 'node:stream';
import { boundToTenant } from '@trueup/persistence';
import type { Logger } from '@trueup/service';
import type { FastifyReply } from 'fastify';
import type { Page } from '../http/page.js';
import type { CsvTable } from './csv-table.js';

/** How many rows are read and held at a time. */
export const CSV_PAGE_SIZE = 1000;

interface CsvFile<T> {
  name: string;
  table: CsvTable<T>;
  readPage(cursor: string | undefined): Promise<Page<T>>;
}

/**
 * Streams a list page by page as a file. The first page is read before the answer begins, so that a refusal is still a problem; a fault
 * in a later one is logged and cuts the answer off without its end, which no client takes for the whole file.
 */
export async function sendCsv<T>(reply: FastifyReply, logger: Pick<Logger, 'error'>, file: CsvFile<T>): Promise<void> {
  const first = await file.readPage(undefined);
  // Who reads the stream is a socket, which is nobody's tenant.
  const stream = Readable.from(texts({ ...file, readPage: boundToTenant(file.readPage) }, first));
  stream.on('error', (error) => logger.error({ err: error, requestId: reply.request.id }, 'file cut off'));
  reply.header('Content-Disposition', `attachment; filename="${file.name}"`);
  await reply.type('text/csv; charset=utf-8').send(stream);
}

async function* texts<T>({ table, readPage }: CsvFile<T>, first: Page<T>): AsyncGenerator<string> {
  yield table.head() + table.rows(first.data);
  for (let page = first; page.nextCursor !== null;) {
    page = await readPage(page.nextCursor);
    yield table.rows(page.data);
  }
}
