import type { FastifyReply } from 'fastify';
import type { Row } from 'write-excel-file/node';
import type { Page } from '../http/page.js';
import { ProblemError } from '../http/problem-error.js';
import type { XlsxTable } from './xlsx-table.js';

export const XLSX_MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** How many rows a workbook has at most: unlike a CSV file it is made in memory. */
export const XLSX_ROW_LIMIT = 50_000;

interface XlsxFile<T> {
  name: string;
  table: XlsxTable<T>;
  readPage(cursor: string | undefined): Promise<Page<T>>;
}

/** Answers a list as a workbook, whole or as a problem: `too-large` when it has more rows than {@link XLSX_ROW_LIMIT}. */
export async function sendXlsx<T>(reply: FastifyReply, file: XlsxFile<T>): Promise<void> {
  const bytes = await file.table.workbook(await rowsOf(file));
  reply.header('Content-Disposition', `attachment; filename="${file.name}"`);
  await reply.type(XLSX_MEDIA_TYPE).send(bytes);
}

/** Every row of every page, read no further than the limit. */
export async function rowsOf<T>({ table, readPage }: Pick<XlsxFile<T>, 'table' | 'readPage'>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    for (const row of page.data) rows.push(table.row(row));
    if (rows.length > XLSX_ROW_LIMIT) throw tooManyRows();
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}

function tooManyRows(): ProblemError {
  const limit = XLSX_ROW_LIMIT.toLocaleString('en-US');
  return new ProblemError('too-large', `A workbook has at most ${limit} rows: use the CSV file or narrow the filters.`);
}
