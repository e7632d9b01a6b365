import type { Finding } from '@trueup/contracts';
import type { Connector } from '../connector/connector.js';
import { barredByFault } from '../deliver/fault-words.js';
import type { OpenConnection } from '../deliver/open-connection.js';
import { answerTo, type Answers } from './request-runner.js';

/** Checks of a connection, answered with what was found. */
export const checkAnswers: Answers = {
  what: 'check',
  requested: (connection) => connection.checkRequested,
  async answer(connector, open, now) {
    const findings = await findingsOf(connector, open);
    const first = findings.find((each) => each.level === 'Error');
    const { connection } = open;
    return [
      {
        ...answerTo(connection, connection.checkRequested, now()),
        kind: 'checked',
        code: first?.code ?? 'LINE_UNCHANGED',
        message: first?.message ?? 'The connection has what it needs',
        checkRequested: connection.checkRequested,
        findings: [...findings],
      },
    ];
  },
};

async function findingsOf(connector: Connector, open: OpenConnection): Promise<readonly Finding[]> {
  if (open.stopped !== undefined) return [{ code: open.stopped.code, level: 'Error', message: open.stopped.message }];
  try {
    return (await connector.check?.(open.psa)) ?? [];
  } catch (error) {
    const barred = barredByFault(error, open);
    const message = error instanceof Error ? error.message : 'The check failed';
    return [{ code: barred?.code ?? 'PSA_UNREACHABLE', level: 'Error', message: barred?.message ?? message }];
  }
}
