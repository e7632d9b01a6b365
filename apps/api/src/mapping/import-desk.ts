import { Inject, Injectable } from '@nestjs/common';
import { importMappings, mappingImportChanges, mappingImportErrors } from '@trueup/control';
import type { ImportKind } from '@trueup/control';
import type { EntityManager } from 'typeorm';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import type { Principal } from '../http/caller.js';
import { ProblemError } from '../http/problem-error.js';
import type { FileRow, ImportFile, LineFault } from './import-file.js';
import type { ImportQuery, ImportReport } from './import-shapes.js';

/** Checks and imports files of mappings. */
@Injectable()
export class ImportDesk {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  /** Imports what may be imported. Bad lines refuse the whole file, unless it is a dry run or the caller skips them. */
  async import(tx: EntityManager, caller: Principal, query: ImportQuery, file: ImportFile): Promise<ImportReport> {
    const { kind } = query;
    const isDryRun = query.dryRun === 'true';
    const { rows, faults } = await checked(tx, caller.tenantId, kind, file);
    if (!isDryRun && faults.length > 0 && query.skipBad !== 'true') throw badLines(faults, rows.length);
    if (!isDryRun && rows.length === 0) throw badLines(faults, 0);
    const changes = await this.#changes(tx, caller.tenantId, kind, rows);
    const mappings = changes.filter(isChange).map(({ row }) => row.mapping);
    const wanted = { kind, mappings, actor: caller.tokenId, at: this.parts.now() };
    const importId = isDryRun ? null : await importMappings(tx, caller.tenantId, wanted);
    return { importId, kind, dryRun: isDryRun, ...reported(changes, faults) };
  }

  async #changes(tx: EntityManager, tenantId: string, kind: ImportKind, rows: readonly FileRow[]) {
    const mappings = rows.map((row) => row.mapping);
    const changes = await mappingImportChanges(tx, tenantId, kind, mappings);
    return changes.map(({ index, ...change }) => ({ ...change, row: rows[index]! }));
  }
}

type Change = Awaited<ReturnType<ImportDesk['import']>>['changes'][number];
type FoundChange = Pick<Change, 'before' | 'after'> & { action: Change['action'] | 'unchanged'; row: FileRow };

/** Adds what only the store can say: connections that do not exist, rows that come twice. */
async function checked(tx: EntityManager, tenantId: string, kind: ImportKind, { rows, faults }: ImportFile): Promise<ImportFile> {
  const found = await mappingImportErrors(tx, tenantId, { kind, mappings: rows.map((row) => row.mapping) });
  const more = found.map(({ pointer, detail }) => {
    const [index, column] = pointer.slice(1).split('/');
    return { line: rows[Number(index)]!.line, ...(column && { column }), detail };
  });
  const badLineNumbers = new Set(more.map((fault) => fault.line));
  const all = [...faults, ...more].sort((a, b) => a.line - b.line);
  return { rows: rows.filter((row) => !badLineNumbers.has(row.line)), faults: all };
}

function reported(changes: readonly FoundChange[], errors: LineFault[]) {
  const count = (action: string) => changes.filter((change) => change.action === action).length;
  const shown = changes.filter(isChange).map(({ row, action, before, after }) => {
    const { code, connectionId, validFrom } = row.mapping;
    return { line: row.line, code, connectionId, validFrom, action, before, after };
  });
  const bad = new Set(errors.map((fault) => fault.line)).size;
  return { added: count('added'), replaced: count('replaced'), unchanged: count('unchanged'), bad, errors, changes: shown };
}

function isChange<T extends FoundChange>(change: T): change is T & { action: Change['action'] } {
  return change.action !== 'unchanged';
}

function badLines(faults: readonly LineFault[], goodCount: number): ProblemError {
  const badCount = new Set(faults.map((fault) => fault.line)).size;
  const wayOut = goodCount > 0 ? `, or send skipBad=true to import the other ${goodCount}` : '';
  const errors = faults.map(({ line, column, detail }) => ({
    pointer: column === undefined ? `/${line}` : `/${line}/${column}`,
    detail: `Line ${line}: ${detail}`,
  }));
  const detail = `${badCount} of ${badCount + goodCount} lines are bad; nothing was imported. Correct them${wayOut}.`;
  return new ProblemError('validation-failed', detail, errors);
}
