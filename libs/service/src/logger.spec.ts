import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { Secret } from './secret.js';

const CANARY = 'canary-7f3a9c51e2d84b60';
const lines: string[] = [];
const logger = createLogger('spec', 'trace', { write: (line) => void lines.push(line) });
const logged = (fields: object, message = 'a fixed message'): Record<string, unknown> => {
  logger.error(fields, message);
  return JSON.parse(lines.at(-1)!) as Record<string, unknown>;
};

/** As TypeORM throws it. */
class QueryFailed extends Error {
  query = `update secret set value = '${CANARY}'`;
  parameters = [CANARY];
  driverError = Object.assign(new Error('x'), { code: '23505', detail: `Key (value)=(${CANARY}) already exists.` });
}

describe('createLogger', () => {
  it.each([
    ['a secret', { secret: new Secret(CANARY) }],
    ['a secret deep inside', { connection: { settings: { keys: [new Secret(CANARY)] } } }],
    [
      'a field that names a credential',
      { headers: { authorization: CANARY }, password: CANARY, request: { headers: { cookie: CANARY } } },
    ],
    ['a failed statement with its parameters', { err: new QueryFailed('duplicate key') }],
    ['an error with a whole request on it', { err: Object.assign(new Error('away'), { request: { headers: { x: CANARY } } }) }],
    ['the cause of an error', { err: new Error('outer', { cause: Object.assign(new Error('inner'), { config: CANARY }) }) }],
    ...['tru', 'trs', 'tri', 'tru_admin'].map((prefix): [string, object] => [
      `a secret of the form ${prefix} inside a text`,
      { detail: `asked with ${prefix}_0aFzCANARYk3v9 in vain`.replace('CANARY', CANARY.replaceAll('-', '')) },
    ]),
    ['a token inside a text', { err: new Error(`refused tru_admin_${CANARY}`), detail: `Authorization: Bearer ${CANARY}` }],
  ])('never shows %s', (_name, fields) => {
    expect(JSON.stringify(logged(fields)).replaceAll('-', '')).not.toContain(CANARY.replaceAll('-', ''));
  });

  it('keeps of an error what helps: type, message, code, stack and cause', () => {
    const { err } = logged({ err: new QueryFailed('duplicate key', { cause: new Error('why') }) });
    expect(err).toMatchObject({ type: 'Error', message: 'duplicate key', code: '23505', cause: { message: 'why' } });
    expect((err as { stack: string }).stack).toContain('logger.spec');
  });

  it.each(['\r\n', '\n', '\u0000', '\u001b[2K', '\u007f', '\u0085', '\u009b2J', '\u2028', '\u2029'])(
    'writes one line whatever stands in a text: %j',
    (break_) => {
      const forged = `x${break_}{"level":"fatal"}`;
      lines.length = 0;
      const line = logged({ detail: forged, err: new Error(forged) }, forged);
      expect(
        lines
          .map((text) => text.replace(/\n$/, ''))
          .join()
          .match(/[\p{Cc}\p{Zl}\p{Zp}]/gu),
      ).toBeNull();
      expect([line['msg'], line['detail']]).toEqual([forged, forged]);
    },
  );

  it('has one schema', () => {
    const line = logged({ tenantId: 'ten_1', changeId: 'chg_1' });
    expect(Object.keys(line)).toEqual(['level', 'time', 'service', 'pid', 'tenantId', 'changeId', 'msg']);
    expect(line).toMatchObject({ level: 'error', service: 'spec', tenantId: 'ten_1', changeId: 'chg_1', msg: 'a fixed message' });
  });
});
