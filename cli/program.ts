/** The commands and their flags, as one table. What a command needs to run is loaded when it runs. */
import { Command, CommanderError } from 'commander';
import { OPERATIONS } from './accessanalyzer/operations.ts';
import { AWS_STATUS, type AwsStatus } from './accessanalyzer/refusal.ts';
import { describeOperation, runOperation } from './accessanalyzer.ts';
import { describeApprove, runApprove } from './approve.ts';
import { describeBatch, runBatchCommand } from './batch.ts';
import { describeCheckAccessNotGranted, runCheckAccessNotGranted } from './checkAccessNotGranted.ts';
import type { Run } from './checkCommand.ts';
import { describeCheckNoExternalAccess, runCheckNoExternalAccess } from './checkNoExternalAccess.ts';
import { describeCheckNoNewAccess, runCheckNoNewAccess } from './checkNoNewAccess.ts';
import { describeCheckNoPublicAccess, runCheckNoPublicAccess } from './checkNoPublicAccess.ts';
import { describeCompletion, runCompletion } from './completion.ts';
import { describeConfigCheck, runConfigCheck } from './config.ts';
import { describeDiff, runDiff } from './diff.ts';
import { describeDoctor, runDoctor } from './doctor.ts';
import { describeEncode, runEncode } from './encode.ts';
import { describeEvaluate, runEvaluate } from './evaluate.ts';
import { describeFindings, runFindings } from './findings.ts';
import { describeHistory, runHistory } from './history.ts';
import { markGroups } from './input/markGroups.ts';
import type { Console } from './output/console.ts';
import { EXIT_STATUS, type ExitStatus } from './output/exitStatus.ts';
import { describeReplay, runReplayCommand } from './replay.ts';
import { describeReport, runReport } from './report.ts';
import { describeRestore, runRestore } from './restore.ts';
import { describeTighten, runTighten } from './tighten.ts';
import { VERSION } from './version.ts';

/** Returns a parser of arguments that runs the command they name. Throws `CommanderError` and what commands throw. */
export function createProgram(
  console: Console,
): (argv: readonly string[]) => Promise<ExitStatus | AwsStatus> {
  let status: ExitStatus | AwsStatus = EXIT_STATUS.pass;
  const program = new Command('ratchet')
    .description(
      'Proves what a change of an AWS access policy grants, and guards an account against access that nobody approved.',
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void console.out(text),
      // Errors are thrown as well, and said once, by the caller; help that nobody asked for comes this way too.
      writeErr: (text) => console.err(text),
      outputError: () => {},
      getOutHelpWidth: () => console.width,
      getErrHelpWidth: () => console.width,
    })
    .addHelpText(
      'after',
      `
Exit status: 0 PASS, 1 FAIL, 2 bad input, 3 UNKNOWN, 4 internal error.
Flags and examples of one command: ratchet help <command>`,
    );
  const add = <Options>(
    name: string,
    describe: (command: Command) => Command,
    run: Run<Options>,
    parent = program,
  ) => {
    describe(parent.command(name)).action(async (...received: unknown[]) => {
      // The parser gives the arguments, the flags and the command, in this order.
      const command = received.at(-1);
      if (!(command instanceof Command)) throw new Error('the parser gives its command last');
      status = await run(command.opts<Options & Record<string, unknown>>(), console, command.args);
    });
  };
  add('check-no-new-access', describeCheckNoNewAccess, runCheckNoNewAccess);
  add('check-access-not-granted', describeCheckAccessNotGranted, runCheckAccessNotGranted);
  add('check-no-public-access', describeCheckNoPublicAccess, runCheckNoPublicAccess);
  add('check-no-external-access', describeCheckNoExternalAccess, runCheckNoExternalAccess);
  add('tighten', describeTighten, runTighten);
  add('evaluate', describeEvaluate, runEvaluate);
  add('batch', describeBatch, runBatchCommand);
  add('diff', describeDiff, runDiff);
  add('replay', describeReplay, runReplayCommand);
  add('findings', describeFindings, runFindings);
  add('approve', describeApprove, runApprove);
  add('restore', describeRestore, runRestore);
  add('history', describeHistory, runHistory);
  add('report', describeReport, runReport);
  add('doctor', describeDoctor, runDoctor);
  add('encode', describeEncode, runEncode);
  const config = program.command('config').summary('check the guard’s configuration');
  add('check', describeConfigCheck, runConfigCheck, config);
  const accessAnalyzer = program
    .command('accessanalyzer')
    .summary('run the checks with the flags, output and exit status of `aws accessanalyzer`');
  for (const operation of OPERATIONS)
    add(operation.command, describeOperation(operation), runOperation(operation), accessAnalyzer);
  add('completion', describeCompletion, runCompletion(program));
  return async (given) => {
    const argv = isHelpOfNothing(program, given) ? given.slice(1) : given;
    try {
      await program.parseAsync(markGroups(argv), { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      if (error.code === 'commander.missingMandatoryOptionValue') await refuseMisspelt(program, argv);
      if (error.code === 'commander.unknownCommand' && argv[0] === accessAnalyzer.name()) {
        const known = OPERATIONS.map(({ command }) => command).join(', ');
        console.err(
          `\naws: [ERROR]: argument operation: Found invalid choice '${argv[1]}'; choose from ${known}\n`,
        );
        return AWS_STATUS.usage;
      }
      throw error;
    }
    return status;
  };
}

/** The parser answers `help` about a word that is no command with all there is; the word alone it says is unknown. */
function isHelpOfNothing(program: Command, [first, word]: readonly string[]): boolean {
  if (first !== 'help' || word === undefined || word.startsWith('-') || word === 'help') return false;
  return program.commands.every((command) => command.name() !== word);
}

/** A flag that is missing may be there and misspelt: then that is what a person must know. Throws `CommanderError`. */
async function refuseMisspelt(program: Command, argv: readonly string[]): Promise<void> {
  for (const command of program.commands) {
    command.action(() => {});
    for (const option of command.options) option.mandatory = false;
  }
  await program.parseAsync(markGroups(argv), { from: 'user' });
}
