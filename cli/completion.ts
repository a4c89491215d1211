/** `ratchet completion`: what a shell needs to complete commands, flags and their choices. */
import { Argument, type Command } from 'commander';
import type { Run } from './checkCommand.ts';
import { EXIT_STATUS } from './output/exitStatus.ts';
import { renderCompletion, SHELLS, type Shell, type Word } from './output/renderCompletion.ts';

/** Adds the command's argument. */
export function describeCompletion(command: Command): Command {
  return command
    .summary('print a completion script for your shell')
    .description('Prints a script that completes commands, flags and their values.')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .addHelpText(
      'after',
      `
Example:
  source <(ratchet completion bash)                      # bash, in ~/.bashrc
  source <(ratchet completion zsh)                       # zsh, in ~/.zshrc after compinit
  ratchet completion fish > ~/.config/fish/completions/ratchet.fish`,
    );
}

/** Returns what writes the script of a program's commands. */
export function runCompletion(program: Command): Run<object> {
  return async (_, console, [shell]) => {
    await console.out(renderCompletion(shell as Shell, wordsOf(program))); // The argument's choices.
    return EXIT_STATUS.pass;
  };
}

/** Every command that can be typed, by its words: `config check`. The program itself is the empty one. */
function wordsOf(command: Command, path: readonly string[] = []): Word[] {
  const options = [
    ...command.options,
    { long: '--help', description: 'display help', argChoices: undefined, flags: '' },
  ];
  return [
    {
      path: path.join(' '),
      summary: command.summary() || command.description(),
      commands: command.commands.map((sub) => sub.name()),
      flags: options.flatMap(({ long, description, argChoices, flags }) =>
        typeof long === 'string'
          ? [{ long, description, choices: argChoices ?? [], takesValue: /[<[]/.test(flags) }]
          : [],
      ),
      choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    },
    ...command.commands.flatMap((sub) => wordsOf(sub, [...path, sub.name()])),
  ];
}
