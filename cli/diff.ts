/** `ratchet diff`: the policies of a repository that changed, each checked against what it was. */
import { type Command, Option } from 'commander';
import { addCheckOutput, addSolver, type CheckOptions, type Run, renderResults } from './checkCommand.ts';
import { type InputProblem, renderProblem } from './input/inputError.ts';
import { EXIT_STATUS, type ExitStatus } from './output/exitStatus.ts';

type Options = CheckOptions & {
  readonly config?: string;
  readonly accountId?: string;
  readonly region?: string;
};

/** Adds the command's arguments and flags. */
export function describeDiff(command: Command): Command {
  command
    .summary('the policies of a repository that changed, each against what it was')
    .description(
      'Finds policies in JSON files, CloudFormation templates and Terraform plans (JSON) that differ between two states of a git repository. A changed one fails iff it grants something new; a changed or new one also iff it newly grants what the configuration calls critical, or grants to the public or outside the zone of trust.',
    )
    .argument('[range]', 'A..B, A...B, or a commit to hold the files against as they lie there', 'HEAD')
    .argument('[paths...]', 'files and folders; all of the repository by default')
    .option('--config <file>', 'with critical access and the zone of trust')
    .addOption(new Option('--account-id <id>', 'the account where templates are deployed'))
    .addOption(new Option('--region <region>', 'the Region where templates are deployed'))
    .addHelpText(
      'after',
      `
Exit status: 1 some policy fails, 2 something cannot be read, 3 something is not
decided, 0 all pass.

Example:
  ratchet diff                                # what is not committed yet
  ratchet diff origin/main...HEAD infra/      # what a branch changes
  ratchet diff origin/main...HEAD --output sarif > ratchet.sarif`,
    );
  return addSolver(addCheckOutput(command));
}

/** Checks what changed. */
export const runDiff: Run<Options> = async (options, console, [range = 'HEAD', ...paths]) => {
  const { readConfig } = await import('./input/readConfig.ts');
  const config = await readConfig({ flag: '--config', file: options.config }, console.stdin);
  const { changedFiles, parseRange } = await import('./diff/git.ts');
  const { pairPolicies } = await import('./diff/findPolicies.ts');
  const { judgePair } = await import('./diff/judgePairs.ts');
  const { renderDiff, worstOf } = await import('./diff/renderDiff.ts');
  const { createEngine } = await import('../shared/checks/index.ts');
  const folder = process.cwd();
  const files = await changedFiles(await parseRange(range, folder), paths, folder);
  const engine = createEngine({ solver: options.solver, timeoutMs: options.timeoutMs, linkPrincipal: true });
  const problems: InputProblem[] = [];
  const judged: Parameters<typeof worstOf>[0][] = [];
  try {
    for (const { path, ...sides } of files) {
      const { pairs, problem } = pairPolicies(sides, options);
      if (problem !== undefined) problems.push({ source: path, message: problem });
      for (const pair of pairs) {
        const outcome = await judgePair(path, pair, { engine, config });
        if (outcome === undefined) continue;
        if ('problems' in outcome) problems.push(...outcome.problems);
        else judged.push(outcome);
      }
    }
  } finally {
    await engine.close();
  }
  for (const problem of problems) console.err(`${renderProblem(problem)}\n`);
  const results = judged.flatMap((one) => one.results);
  const { output } = options;
  if (output === 'sarif' || output === 'github') await console.out(await renderResults(results, output));
  else if (output === 'json') {
    const answers = judged.map(({ results: each, ...one }) => ({
      ...one,
      results: each.map(({ check, verdict }) => ({ check, ...verdict })),
    }));
    await console.out(`${JSON.stringify({ policies: answers, problems }, undefined, 2)}\n`);
  } else await console.out(renderDiff(judged, console));
  return statusOf(judged.map(worstOf), problems);
};

function statusOf(
  worst: readonly ('PASS' | 'FAIL' | 'UNKNOWN')[],
  problems: readonly InputProblem[],
): ExitStatus {
  if (problems.length > 0) return EXIT_STATUS.badInput;
  if (worst.includes('FAIL')) return EXIT_STATUS.fail;
  return worst.includes('UNKNOWN') ? EXIT_STATUS.unknown : EXIT_STATUS.pass;
}
