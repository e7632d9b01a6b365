import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { EXIT, EXIT_CODES_TEXT } from './exit-codes.js';
import { createProgram } from './program.js';

const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
const program = createProgram();

describe('the help texts', () => {
  it('describe every command, argument and option', () => {
    const undescribed = all(program).flatMap((command) => [
      ...(command.description() ? [] : [command.name()]),
      ...[...command.options, ...command.registeredArguments]
        .filter(({ description }) => !description)
        .map((part) => `${command.name()} ${part.name()}`),
    ]);
    expect(undescribed).toEqual([]);
  });

  it('name every exit code', () => {
    const named = [...EXIT_CODES_TEXT.matchAll(/^ {2}(\d+)/gm)].map(([, code]) => Number(code));
    expect(new Set(named)).toEqual(new Set(Object.values(EXIT)));
  });

  it('fit a terminal of 120 columns', () => {
    const long = all(program).flatMap((command) => {
      let text = '';
      command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 120 }).outputHelp();
      return text.split('\n').filter((line) => line.length > 120);
    });
    expect(long).toEqual([]);
  });
});
