import { finishCommands, isEnvironmentError, staysOpen, type StoredCommand, takeCommands } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { carryOut } from './carry-out.js';

/** Few, so that other passes find the rest. */
const COMMANDS_PER_PASS = 10;

/** What one pass over the commands came to. */
export interface CommandPass {
  /** Commands carried out. */
  done: number;
  /** Line targets sent. */
  sent: number;
  /** Commands that failed for a reason of their own; they wait for the next pass, the others went on. */
  failed: { command: StoredCommand; error: unknown }[];
}

/**
 * Takes the commands that no other replica holds and carries them out; those of one tenant and kind together. The claim is held by one
 * transaction while the work is done in others. Throws environment errors: nothing is lost, the next pass takes the commands again.
 */
export function passCommands(database: DataSource, now: () => Date): Promise<CommandPass> {
  return database.transaction(async (claim) => {
    await staysOpen(claim);
    const taken = await takeCommands(claim, 'billing', COMMANDS_PER_PASS);
    const pass: CommandPass = { done: 0, sent: 0, failed: [] };
    for (const group of Map.groupBy(taken, ({ tenantId, kind }) => `${tenantId} ${kind}`).values()) {
      try {
        pass.sent += await carryOut(database, group, now);
      } catch (error) {
        if (isEnvironmentError(error)) throw error;
        pass.failed.push({ command: group[0]!, error });
        continue;
      }
      await finishCommands(
        claim,
        'billing',
        group.map(({ id }) => id),
      );
      pass.done += group.length;
    }
    return pass;
  });
}
