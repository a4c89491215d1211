/** `ratchet config check`: is the configuration file right? */
import type { Command } from 'commander';
import { addOutput, type OutputOptions, type Run } from './checkCommand.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';

/** Adds the command's arguments and flags. */
export function describeConfigCheck(command: Command): Command {
  command
    .summary('is a configuration file right?')
    .description(
      'Names every problem of the file with its place; with --output json shows it with all defaults.',
    )
    .argument('<file>', 'JSON with comments, or - for standard input')
    .addHelpText(
      'after',
      `
Example:
  ratchet config check ratchet.config.jsonc`,
    );
  return addOutput(command);
}

/** Checks the file. */
export const runConfigCheck: Run<OutputOptions> = async ({ output }, console, [file = '-']) => {
  const { readConfig } = await import('./input/readConfig.ts');
  const config = await readConfig({ flag: 'configuration', file }, console);
  if (output === 'json') await console.out(`${JSON.stringify(config, undefined, 2)}\n`);
  else {
    const { targets, criticalAccess, exceptions } = config;
    const modes = targets.length === 0 ? 'all targets are observed' : `${targets.length} target rules`;
    await console.out(
      `OK  ${modes}, ${criticalAccess.length} critical lists, ${exceptions.length} exceptions\n`,
    );
  }
  return EXIT_STATUS.pass;
};
