/** `ratchet diff`: what a change of policies grants, judged as the account would be. */
import { type Command, Option } from 'commander';
import { addOnlyPossible, addSolver, type CheckOptions, type Run } from './checkCommand.ts';
import type { Comparison } from './diff/compare.ts';
import type { Console } from './output/console.ts';
import { EXIT_STATUS, type ExitStatus } from './output/exitStatus.ts';
import { VERSION } from './version.ts';

type Options = Omit<CheckOptions, 'output'> & {
  readonly output: 'text' | 'json' | 'sarif' | 'github' | 'markdown';
  readonly config?: string;
  readonly accountId?: string;
  readonly region?: string;
  readonly staged?: boolean;
};

/** Adds the command's arguments and flags. */
export function describeDiff(command: Command): Command {
  command
    .summary('what a change of policies grants, judged as the account would be')
    .description(
      'Reads two states of a repository (commits, what is staged, two folders or files, a Terraform plan) into roles, users, groups, permission sets and resources with everything that they hold, and judges what changed. An existing one fails iff it gains access; an old or a new one also iff it newly grants what the configuration calls critical, or lets in the public or somebody outside the zone of trust. What may hold a policy and cannot be read is UNKNOWN and named.',
    )
    .argument(
      '[words...]',
      'A..B, A...B or a commit, and paths; two folders or files; or Terraform plans (JSON)',
    )
    .option('--staged', 'what is staged against the last commit')
    .option('--config <file>', 'with critical access and the zone of trust')
    .addOption(new Option('--account-id <id>', 'the account where templates are deployed'))
    .addOption(new Option('--region <region>', 'the Region where templates are deployed'))
    .addOption(
      new Option(
        '--output <format>',
        'text for people, json for programs, sarif for code scanning, github for annotations of a workflow, markdown for a comment',
      )
        .choices(['text', 'json', 'sarif', 'github', 'markdown'])
        .default('text'),
    )
    .addHelpText(
      'after',
      `
Exit status: 1 something fails, 3 something is not decided or cannot be read,
2 the range or a path is wrong, 0 nothing new is granted.

Example:
  ratchet diff                                # what is not committed yet
  ratchet diff origin/main...HEAD infra/      # what a branch changes
  ratchet diff --staged                       # what is to be committed
  ratchet diff before/cdk.out cdk.out         # two synthesized outputs
  ratchet diff plan.json                      # a Terraform plan, without git
  ratchet diff origin/main...HEAD --output sarif > ratchet.sarif`,
    );
  return addOnlyPossible(addSolver(command));
}

/** Checks what changed. */
export const runDiff: Run<Options> = async (options, console, words) => {
  const { readConfig } = await import('./input/readConfig.ts');
  const config = await readConfig({ flag: '--config', file: options.config }, console);
  const { chooseFiles } = await import('./diff/states/choose.ts');
  const { compareStates } = await import('./diff/compare.ts');
  const { useManagedPolicies } = await import('./diff/entities.ts');
  const { createAwsManagedPolicies } = await import('./replay/awsManagedPolicies.ts');
  const { createEngine } = await import('../shared/checks/index.ts');
  const { close, ...change } = await chooseFiles(words, options.staged === true, process.cwd());
  useManagedPolicies(createAwsManagedPolicies());
  const { solver, timeoutMs, onlyPossible, accountId, region } = options;
  const engine = createEngine({ solver, timeoutMs, onlyPossible, linkPrincipal: true });
  try {
    const comparison = await compareStates(change, { accountId, region }, { engine, config, accountId });
    const status = await statusOf(comparison);
    // Known before it is written: a reader that goes away must not change it.
    process.exitCode = status;
    await console.out(await render(comparison, options.output, console));
    return status;
  } finally {
    close?.();
    await engine.close();
  }
};

async function render(comparison: Comparison, output: Options['output'], console: Console): Promise<string> {
  switch (output) {
    case 'text':
      return (await import('./diff/render/text.ts')).renderText(comparison, console);
    case 'markdown':
      return (await import('./diff/render/markdown.ts')).renderMarkdown(comparison);
    case 'json':
      return (await import('./diff/render/json.ts')).renderDiffJson(comparison);
    case 'github': {
      const { annotationsOf } = await import('./diff/render/words.ts');
      return (await import('./output/renderGithub.ts')).renderGithub(annotationsOf(comparison));
    }
    case 'sarif': {
      const { annotationsOf, notificationsOf } = await import('./diff/render/words.ts');
      const { renderSarif } = await import('./output/renderSarif.ts');
      const judged = annotationsOf({ ...comparison, unread: [] });
      return renderSarif(judged, VERSION, notificationsOf(comparison));
    }
  }
}

async function statusOf(comparison: Comparison): Promise<ExitStatus> {
  const { resultOf } = await import('./diff/judge/result.ts');
  const results = comparison.judged.map(resultOf);
  if (results.includes('FAIL')) return EXIT_STATUS.fail;
  return results.includes('UNKNOWN') || comparison.unread.length > 0 ? EXIT_STATUS.unknown : EXIT_STATUS.pass;
}
