import { Controller, HttpStatus, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { undoMappingImport } from '@trueup/control';
import type { UndoneImport } from '@trueup/control';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { CsvBody } from '../csv/csv-body.js';
import { AlsoAnswers, Answers } from '../http/answers.js';
import { WriteLease } from '../connections/write-lease.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { onceByKey } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { pathText } from '../http/path-text.js';
import { ProblemError, notFound } from '../http/problem-error.js';
import { ImportDesk } from './import-desk.js';
import { readImportFile } from './import-file.js';
import { importQuery, importReport, undoneImport } from './import-shapes.js';
import type { ImportQuery, ImportReport } from './import-shapes.js';

@Controller('v1/mappings')
export class ImportsController {
  constructor(
    @Inject(API_PARTS) private readonly parts: ApiParts,
    @Inject(ImportDesk) private readonly desk: ImportDesk,
    @Inject(WriteLease) private readonly lease: WriteLease,
  ) {}

  @Post('import')
  @NeedsTenantScope('mapping:write')
  @Answers(201, 'Imports dated rows from a CSV file (200 for a dry run); what it does not name stays as it is', importReport)
  @AlsoAnswers(200, 'What a dry run would do', importReport)
  async import(
    @Query({ schema: importQuery }) query: ImportQuery,
    @CsvBody() text: string,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @IdempotencyKey() key?: string,
  ): Promise<ImportReport> {
    const { db, now } = this.parts;
    const file = readImportFile(query.kind, text);
    if (query.dryRun === 'true') reply.status(HttpStatus.OK);
    const request = { caller, route: 'POST /mappings/import', key, body: { query, text }, at: now() };
    const report = await onceByKey(db, request, async (tx) => ({ body: await this.desk.import(tx, caller, query, file) }));
    const moved = report.dryRun ? [] : report.changes.filter(({ before }) => before !== null);
    await this.lease.endIfWriting(
      caller.tenantId,
      moved.map(({ connectionId }) => connectionId),
    );
    return report;
  }

  @Post('imports/:id/undo')
  @NeedsTenantScope('mapping:write')
  @Answers(200, 'Restores the mappings that an import replaced; refused once one of them was changed again', undoneImport)
  async undo(
    @Param('id', { schema: pathText }) importId: string,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<z.output<typeof undoneImport>> {
    const at = this.parts.now();
    const request = { caller, route: 'POST /mappings/imports/undo', key, body: { importId }, at };
    const taken = await onceByKey(this.parts.db, request, async (tx) => {
      const undone = await undoMappingImport(tx, caller.tenantId, importId, { actor: caller.tokenId, at });
      if ('refused' in undone) throw refusalOf(undone);
      return { body: { importId, ...undone } };
    });
    await this.lease.endIfWriting(caller.tenantId);
    return taken;
  }
}

function refusalOf(refusal: Extract<UndoneImport, { refused: string }>): ProblemError {
  if (refusal.refused === 'unknown') return notFound('There is no such import.');
  if (refusal.refused === 'undone') {
    return new ProblemError('conflict', `This import was undone already, at ${refusal.at.toISOString()}.`);
  }
  const errors = refusal.codes.map((code) => ({ pointer: '', detail: `${code} was changed after the import` }));
  return new ProblemError('conflict', 'Nothing was undone: later changes would be lost. Set these mappings by hand.', errors);
}
