import { setTimeout as wait } from 'node:timers/promises';
import { Body, Controller, Inject, Param, Put } from '@nestjs/common';
import type { ConnectionMode } from '@trueup/contracts';
import { raiseEpoch, setConnectionMode } from '@trueup/control';
import type { ModeChange } from '@trueup/control';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { HidesBody } from '../audit/hides-body.js';
import { decide } from '../audit/decide.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { pathText } from '../http/path-text.js';
import { IfMatch } from '../http/precondition.js';
import type { Precondition } from '../http/precondition.js';
import { ProblemError } from '../http/problem-error.js';
import { TaggedEdit } from '../http/tagged.js';
import { ConnectionDesk, noConnection } from './connection-desk.js';
import { modeChange, secretValues, secretsAnswer, shownConnection, unknownSecrets } from './connection-shapes.js';
import { refuseUntrusted } from './trust-ladder.js';
import { WriteLease } from './write-lease.js';

const lookAgainMs = 200;

@Controller('v1/connections')
export class ConnectionActsController {
  constructor(
    @Inject(ConnectionDesk) private readonly desk: ConnectionDesk,
    @Inject(WriteLease) private readonly lease: WriteLease,
  ) {}

  @Put(':id/secrets')
  @HidesBody()
  @NeedsTenantScope('connections:admin')
  @Answers(200, 'Sets the named secrets (null removes one); they can never be read again', secretsAnswer)
  async putSecrets(
    @Param('id', { schema: pathText }) id: string,
    @Body({ schema: secretValues }) values: z.output<typeof secretValues>,
    @Caller() { tenantId }: Principal,
    @IfMatch() ifMatch: Precondition,
  ) {
    const { parts, secrets } = this.desk;
    const { kind } = await this.desk.find(tenantId, id);
    refuseUnknownSecrets(kind, values);
    await decide(parts.db, async (tx) => {
      await this.desk.beginEdit(tx, tenantId, id, ifMatch);
      if ((await raiseEpoch(tx, tenantId, id, 'secrets')) === null) throw noConnection();
      await secrets.write(tx, { tenantId, connectionId: id }, values, parts.now());
    });
    await this.lease.endIfWriting(tenantId, [id]);
    const fields = await secrets.fieldsSet(parts.db, tenantId, [id]);
    return { secretsSet: fields.get(id) ?? [] };
  }

  @Put(':id/mode')
  @NeedsTenantScope('connections:admin')
  @TaggedEdit()
  @Answers(200, 'Sets the mode; after a step down the answer means that nothing is written any more', shownConnection)
  async putMode(
    @Param('id', { schema: pathText }) id: string,
    @Body({ schema: modeChange }) { mode }: z.output<typeof modeChange>,
    @Caller() { tenantId }: Principal,
    @IfMatch() ifMatch: Precondition,
  ) {
    const change = await this.#setMode(tenantId, id, { mode, ifMatch });
    if ('refused' in change) throw unfinishedBaseline(change.linesNotSeen);
    if (change.direction === 'down') await this.lease.end();
    return this.desk.showOne(tenantId, change.connection);
  }

  /** Right after a mapping its lines are about to be looked at: a step up waits a while for that. */
  async #setMode(
    tenantId: string,
    id: string,
    { mode, ifMatch }: { mode: ConnectionMode; ifMatch: Precondition },
  ): Promise<ModeChange> {
    const { db, now, testHosts, baselineWaitMs } = this.desk.parts;
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      const work = async (tx: EntityManager) => {
        refuseUntrusted(await this.desk.beginEdit(tx, tenantId, id, ifMatch), mode, testHosts);
        return setConnectionMode(tx, tenantId, id, mode, now());
      };
      const change = await decide(db, work, { isChange: (done) => done !== null && !('refused' in done) });
      if (!change) throw noConnection();
      if (!('refused' in change) || waitedMs >= baselineWaitMs) return change;
      await wait(lookAgainMs);
    }
  }
}

function refuseUnknownSecrets(kind: string, values: Readonly<Record<string, unknown>>): void {
  const unknown = unknownSecrets(kind, values);
  if (unknown.length === 0) return;
  const errors = unknown.map((field) => ({ pointer: `/${field}`, detail: `A connection of kind ${kind} has no such secret` }));
  throw new ProblemError('validation-failed', 'The secrets were not accepted; nothing was stored.', errors);
}

function unfinishedBaseline(linesNotSeen: number): ProblemError {
  const detail = `A step up needs a finished baseline: ${linesNotSeen} mapped line(s) have not been looked at yet. Try again when GET /v1/connections/{id}/agreement-lines shows them observed.`;
  return new ProblemError('not-allowed-yet', detail, [{ pointer: '/mode', detail: 'The baseline is not finished' }]);
}
