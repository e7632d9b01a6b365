import { describe, expect, it } from 'vitest';
import { mergeCommands } from './merge-commands.js';

const command = (id: string, kind: string, payload: unknown, tenantId = 'ten_1') => ({ id, kind, payload, tenantId });

describe('mergeCommands', () => {
  it('joins what one tenant asks for and keeps tenants apart', () => {
    const { errands, unknown } = mergeCommands([
      command('1', 'mapping-changed', { customerCodes: ['C1'] }),
      command('2', 'mapping-changed', { skus: ['E3'] }),
      command('3', 'epoch-raised', { connectionId: 'con_1', reason: 'mapping' }),
      command('4', 'epoch-raised', { connectionId: 'con_1', reason: 'mapping' }),
      command('5', 'settings-changed', { connectionId: 'con_2' }, 'ten_2'),
    ]);
    expect(unknown).toEqual([]);
    expect(errands.map((errand) => [errand.tenantId, errand.commandIds])).toEqual([
      ['ten_1', ['1', '2', '3', '4']],
      ['ten_2', ['5']],
    ]);
    expect(errands[0]).toMatchObject({
      customerCodes: new Set(['C1']),
      skus: new Set(['E3']),
      raisedConnections: new Set(['con_1']),
    });
  });

  it('looks back to the earliest day that was noted before', () => {
    const day = (previous: string | null) => command('1', 'day-started', { localDate: '2026-11-23', previous });
    expect(mergeCommands([day('2026-11-22'), day('2026-11-20')]).errands[0]!.daysAfter).toBe('2026-11-20');
    expect(mergeCommands([day('2026-11-22'), day(null)]).errands[0]!.daysAfter).toBeNull();
  });

  it('keeps manual runs and runs of a day apart', () => {
    const begun = command('1', 'day-run-begun', { runId: 'run_1', connectionId: 'con_1' });
    const { errands } = mergeCommands([begun, command('2', 'run-requested', { runId: 'run_2' })]);
    expect(errands[0]).toMatchObject({ begunRuns: new Map([['run_1', 'con_1']]), runIds: new Set(['run_2']) });
  });

  it('sets aside what it cannot read', () => {
    const { errands, unknown } = mergeCommands([command('1', 'dance', {}), command('2', 'epoch-raised', {})]);
    expect(errands).toEqual([]);
    expect(unknown.map(({ id }) => id)).toEqual(['1', '2']);
  });
});
