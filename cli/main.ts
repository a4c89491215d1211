/** One run of the command: arguments in, exit status out. The only place where errors become words and statuses. */
import { CommanderError } from 'commander';
import type { AwsStatus } from './accessanalyzer/refusal.ts';
import { InputError, type InputProblem, renderProblem } from './input/inputError.ts';
import { type Console, processConsole } from './output/console.ts';
import { EXIT_STATUS, type ExitStatus } from './output/exitStatus.ts';
import { createProgram } from './program.ts';

/** Runs the command of this process's arguments and sets its exit status. */
export async function main(process: NodeJS.Process): Promise<void> {
  const console = processConsole(process);
  const argv = process.argv.slice(2);
  const fail = (error: unknown) => {
    process.exitCode = EXIT_STATUS.fault;
    console.err(`ratchet: ${describeFault(error)}\n`);
    process.exit();
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.exitCode = await run(argv, console);
}

async function run(argv: readonly string[], console: Console): Promise<ExitStatus | AwsStatus> {
  // A wrong flag stops the parser before it has read `--output`, so the words themselves are looked at.
  const wantsJson = argv.some(
    (word, index) => word === '--output=json' || (word === 'json' && argv[index - 1] === '--output'),
  );
  try {
    return await createProgram(console)(argv);
  } catch (error) {
    const failure = await toFailure(error);
    if (failure === undefined) return EXIT_STATUS.pass;
    if (wantsJson) await console.out(`${JSON.stringify({ error: failure.error }, undefined, 2)}\n`);
    else console.err(failure.text);
    return failure.status;
  }
}

type Failure = {
  readonly status: ExitStatus;
  readonly text: string;
  readonly error: {
    readonly message: string;
    readonly code?: string;
    readonly problems?: readonly InputProblem[];
  };
};

async function toFailure(error: unknown): Promise<Failure | undefined> {
  if (error instanceof CommanderError) {
    // Help and version were asked for and given.
    if (error.exitCode === 0) return undefined;
    const said = shortened(error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '));
    const message = `${said}${await hintOf(said)}`;
    const hint = error.code === 'commander.help' ? '' : `ratchet: ${message}\n`;
    return { status: EXIT_STATUS.badInput, text: hint, error: { message } };
  }
  if (error instanceof InputError) {
    const { message, problems } = error;
    const text = problems.map((problem) => `${renderProblem(problem)}\n`).join('');
    return { status: EXIT_STATUS.badInput, text, error: { message, problems } };
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  return {
    status: EXIT_STATUS.fault,
    text: `ratchet: ${describeFault(error)}\n`,
    error: { message, ...(code === undefined ? {} : { code }) },
  };
}

/** The parser says which values there are, and for commands and flags which was meant; for values that is said here. */
async function hintOf(message: string): Promise<string> {
  const [, word, choices] = /'([^']*)' is invalid\b.*\bAllowed choices are (.+)\.$/.exec(message) ?? [];
  if (message.startsWith('unknown command') && !message.includes('Did you mean'))
    return '; `ratchet --help` lists the commands';
  if (word === undefined || choices === undefined) return '';
  const { meant } = await import('./input/meant.ts');
  const found = meant(word, choices.split(', '));
  return found === undefined ? '' : ` (Did you mean ${found}?)`;
}

/** A value that was given is quoted as far as a person reads it. */
function shortened(message: string): string {
  return message.replaceAll(/'([^']{60})[^']{20,}'/g, "'$1…'");
}

/** A fault has a code and speaks for itself; anything else is a defect, and where it happened is wanted. */
function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (codeOf(error) === undefined) return error.stack ?? error.message;
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
