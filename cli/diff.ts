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
    .summary('judge what a branch, template or plan newly grants')
    .description(
      'Compares two states of a repository: commits, the staged files, two folders or files, or a Terraform plan. Reads each into roles, users, groups, permission sets and resources with all their policies. An existing one fails if it gains access. Any fails if it newly grants what the configuration calls critical, public access, or access outside the zone of trust. Files that may hold a policy and cannot be read are UNKNOWN.',
    )
    .argument(
      '[words...]',
      'A..B, A...B or a commit, then paths; or two folders or files; or Terraform plans as JSON',
    )
    .option('--staged', 'compare the staged files with the last commit')
    .option('--config <file>', 'read critical access and the zone of trust from this file')
    .addOption(new Option('--account-id <id>', 'the account that templates are deployed to'))
    .addOption(new Option('--region <region>', 'the Region that templates are deployed to'))
    .addOption(
      new Option(
        '--output <format>',
        'text for people, json for scripts, sarif for code scanning, github for workflow annotations, markdown for a comment',
      )
        .choices(['text', 'json', 'sarif', 'github', 'markdown'])
        .default('text'),
    )
    .addHelpText(
      'after',
      `
Exit status: 0 nothing new is granted, 1 something fails, 2 wrong range or path,
3 something is UNKNOWN.

Example:
  ratchet diff                                # uncommitted changes
  ratchet diff origin/main...HEAD infra/      # changes of a branch
  ratchet diff --staged                       # staged changes
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
