/** What the check commands have in common: their flags, the engine they ask, and how the answer is said. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Engine, NewAccess } from '../shared/checks/index.ts';
import type { Verdict } from '../shared/checks/verdict.ts';
import type { Policy } from '../shared/policy/ast.ts';
import type { AwsStatus } from './accessanalyzer/refusal.ts';
import { POLICY_TYPE_NAMES, type PolicyTypeName } from './input/policyTypes.ts';
import type { CheckName, CheckResult } from './output/checkResult.ts';
import type { Console } from './output/console.ts';
import { type ExitStatus, statusOf } from './output/exitStatus.ts';
import { VERSION } from './version.ts';

/** Runs after the flags were read; `operands` are the words that belong to no flag. The status is the answer to a script. */
export type Run<Options> = (
  options: Options,
  console: Console,
  operands: readonly string[],
) => Promise<ExitStatus | AwsStatus>;

export type OutputOptions = { readonly output: 'text' | 'json' };

type CheckOutputOptions = { readonly output: 'text' | 'json' | 'sarif' | 'github' };

export type SolverOptions = {
  readonly solver: 'auto' | 'atoms' | 'z3' | 'both';
  readonly timeoutMs: number;
};

export type PossibleOptions = { readonly onlyPossible: boolean };

export type CheckOptions = CheckOutputOptions & SolverOptions & PossibleOptions;

/** Longer than anyone waits, and short enough for a timer. */
const MAX_TIMEOUT_MS = 86_400_000;

/** Adds `--output`. */
export function addOutput(command: Command): Command {
  return command.addOption(
    new Option('--output <format>', 'text for people, json for scripts')
      .choices(['text', 'json'])
      .default('text'),
  );
}

/** Adds `--output` of what a reviewer reads. */
export function addCheckOutput(command: Command): Command {
  return command.addOption(
    new Option(
      '--output <format>',
      'text for people, json for scripts, sarif for code scanning, github for workflow annotations',
    )
      .choices(['text', 'json', 'sarif', 'github'])
      .default('text'),
  );
}

/** Adds `--solver` and `--timeout-ms`. */
export function addSolver(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--solver <name>',
        'auto: the built-in decider (atoms), then Z3 where it declines; both: run both and compare',
      )
        .choices(['auto', 'atoms', 'z3', 'both'])
        .default('auto'),
    )
    .addOption(
      new Option('--timeout-ms <number>', 'time limit of each check')
        .argParser(wholeNumber(1, MAX_TIMEOUT_MS))
        .default(10_000),
    );
}

/** Adds `--only-possible`. */
export function addOnlyPossible(command: Command): Command {
  return command.option(
    '--only-possible',
    'answer PASS, with a note, where no documented AWS call could use the access',
    false,
  );
}

/** Adds `--policy-type`; without a default it must be given. */
export function addPolicyType(
  command: Command,
  { standard }: { readonly standard?: PolicyTypeName } = {},
): Command {
  const option = new Option('--policy-type <type>', 'the type of the documents').choices(POLICY_TYPE_NAMES);
  return command.addOption(standard === undefined ? option.makeOptionMandatory() : option.default(standard));
}

/** Returns a reader of whole numbers between two bounds, both included. */
function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

type Asked = {
  readonly check: CheckName;
  readonly ask: (engine: Engine) => Promise<Verdict>;
  /** The policy whose statements the reasons name. */
  readonly policy: Policy;
  readonly existing?: Policy;
  readonly witnessTitle: string;
  /** Asked after a FAIL when the whole of the new access is wanted. */
  readonly list?: (engine: Engine) => Promise<NewAccess>;
};

/** Asks the engine, says the verdict, and returns its status. The engine is loaded here and not before. */
export async function answerCheck(
  { ask, list, ...view }: Asked,
  { output, solver, timeoutMs, onlyPossible }: CheckOptions,
  console: Console,
): Promise<ExitStatus> {
  const { createEngine } = await import('../shared/checks/index.ts');
  const { renderWarnings } = await import('./input/readPolicies.ts');
  console.err(renderWarnings([...(view.existing === undefined ? [] : [view.existing]), view.policy]));
  const engine = createEngine({ solver, timeoutMs, onlyPossible });
  try {
    const verdict = await ask(engine);
    // Known before it is written: a reader that goes away must not change it.
    process.exitCode = statusOf(verdict.result);
    const newAccess = verdict.result === 'FAIL' ? await list?.(engine) : undefined;
    if (output === 'sarif' || output === 'github') {
      const { check, policy } = view;
      await console.out(await renderResults([{ check, verdict, policy, file: fileOf(policy) }], output));
    } else if (output === 'json') {
      await console.out(
        `${JSON.stringify(newAccess === undefined ? verdict : { ...verdict, newAccess }, undefined, 2)}\n`,
      );
    } else {
      const { renderVerdict } = await import('./output/renderVerdict.ts');
      await console.out(renderVerdict({ verdict, ...view }, console));
      if (newAccess !== undefined) {
        const { renderNewAccess } = await import('./output/renderNewAccess.ts');
        await console.out(renderNewAccess(newAccess, console));
      }
    }
    return statusOf(verdict.result);
  } finally {
    await engine.close();
  }
}

/** Returns what a review shows, in its format. */
async function renderResults(results: readonly CheckResult[], format: 'sarif' | 'github'): Promise<string> {
  const { annotationsOf } = await import('./output/checkResult.ts');
  const annotations = results.flatMap(annotationsOf);
  if (format === 'github') return (await import('./output/renderGithub.ts')).renderGithub(annotations);
  return (await import('./output/renderSarif.ts')).renderSarif(annotations, VERSION);
}

/** Standard input and the command line itself are no files. */
function fileOf({ sourceName }: Policy): string | undefined {
  return sourceName === undefined || /^(<|--)/.test(sourceName) ? undefined : sourceName;
}
