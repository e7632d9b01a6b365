import type { Command } from 'commander';
import { ApiClient } from './connect/api-client.js';
import { readTarget, type Target, type TargetFlags } from './connect/target.js';
import { type OutputFormat, Terminal } from './output/terminal.js';

/** What every command works with. */
export interface Setting {
  terminal: Terminal;
  target: Target;
  timeoutMs: number;
}

interface GlobalFlags extends TargetFlags {
  output: OutputFormat;
  timeout: number;
}

/** The setting that a command's flags, the environment and the current folder make. */
export function settingOf(command: Command): Setting {
  const flags = command.optsWithGlobals<GlobalFlags>();
  return {
    terminal: new Terminal(process.stdout, process.stderr, process.env, flags.output),
    target: readTarget(flags, process.env, process.cwd()),
    timeoutMs: flags.timeout * 1000,
  };
}

/** The same with an api that is known to be named. */
export function apiSettingOf(command: Command): Setting & { api: ApiClient } {
  const setting = settingOf(command);
  return { ...setting, api: new ApiClient(setting.target, setting.timeoutMs) };
}
