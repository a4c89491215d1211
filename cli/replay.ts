/** `ratchet replay`: CloudTrail log files through the whole guard, in an account that is what they show. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { withCommands } from '../shared/findings/commands.ts';
import type { Finding } from '../shared/findings/finding.ts';
import type { FindingPublisher } from '../shared/findings/publisher.ts';
import type { Config } from '../shared/guard/config.ts';
import { addOutput, addSolver, type OutputOptions, type Run, type SolverOptions } from './checkCommand.ts';
import { type InputProblem, renderProblem } from './input/inputError.ts';
import { type Console, visible } from './output/console.ts';
import { EXIT_STATUS, type ExitStatus } from './output/exitStatus.ts';
import type { ReplaySummary } from './replay/summary.ts';

type Options = OutputOptions &
  SolverOptions & {
    readonly rollback: boolean;
    readonly config?: string;
    readonly store?: string;
    readonly from?: number;
    readonly failOnFindings: boolean;
  };

/** Adds the command's arguments and flags. */
export function describeReplay(command: Command): Command {
  command
    .summary('run CloudTrail log files through the guard offline')
    .description(
      'Plays the records in order of time against an account in memory, and shows what the guard finds. AWS is not ' +
        'called. Exit status: 0 all files were read, 1 --fail-on-findings and a finding is ACTIVE at the end, 2 a ' +
        'file or record was bad, 4 internal error; if several apply, the highest.',
    )
    .argument('<paths...>', 'files (.json, .jsonl, .json.gz, .jsonl.gz) and folders of them')
    .option('--rollback', 'also restore, in the account in memory; without --config, every target', false)
    .option('--config <file>', 'the guard’s configuration')
    .option('--store <folder>', 'keep the findings and versions in this folder')
    .option(
      '--from <time>',
      'treat the guard as deployed at this time: earlier records only build up the account',
      parseTime,
    )
    .option('--fail-on-findings', 'exit with status 1 if a finding is ACTIVE at the end', false)
    .addHelpText(
      'after',
      `
Example:
  ratchet replay cli/sample-trail --rollback
  ratchet replay AWSLogs/ --config ratchet.config.jsonc --store .ratchet`,
    );
  return addSolver(addOutput(command));
}

function parseTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new InvalidArgumentError('Write a date or time such as 2026-10-01T12:00:00Z.');
  return time;
}

/** Replays the files. */
export const runReplayCommand: Run<Options> = async (options, console, paths) => {
  const { readConfig } = await import('./input/readConfig.ts');
  const { findTrailFiles } = await import('./replay/trailFiles.ts');
  const { surveyTrail, mergeTrail } = await import('./replay/mergeTrail.ts');
  const { emptyCounts, runReplay } = await import('./replay/runReplay.ts');
  const { renderSummary, summarizeReplay } = await import('./replay/summary.ts');
  const { openReplay } = await import('./replay/openReplay.ts');
  const { makeStoreFolder } = await import('./store/openStore.ts');
  const { startProgress } = await import('./output/progress.ts');

  const config = withModes(await readConfig({ flag: '--config', file: options.config }, console), options);
  let bad = 0;
  const tell = (problem: InputProblem) => console.err(`${renderProblem(problem)}\n`);
  const files = await findTrailFiles(paths, (problem) => {
    bad++;
    tell(problem);
  });
  if (options.store !== undefined) await makeStoreFolder(options.store);
  const survey = await startProgress(console, { total: files.length, unit: 'files examined' });
  const spans = await surveyTrail(files, {
    onProblem: (problem) => {
      bad++;
      tell(problem);
    },
    onFile: () => survey.advance(1),
  });
  survey.stop();

  const folder = options.store ?? (await mkdtemp(join(tmpdir(), 'ratchet-replay-')));
  const counts = emptyCounts();
  const total = spans.reduce((sum, { records }) => sum + records, 0);
  const progress = await startProgress(console, { total, unit: 'records' });
  const tellDuring = (problem: InputProblem) => {
    progress.hide();
    tell(problem);
  };
  const replay = openReplay({
    folder,
    durable: options.store !== undefined,
    config,
    solver: options,
    publisher: publisherOn(console, {
      ...options,
      complete: completing(options.store),
      hide: progress.hide,
      findings: counts.findings,
    }),
    told: counts.told,
  });
  try {
    await runReplay(counted(mergeTrail(spans), progress.advance), counts, {
      ...replay.world,
      rollback: options.rollback,
      from: options.from,
      onBadRecord: tellDuring,
      onFault: (place, error) =>
        tellDuring({ ...place, message: error instanceof Error ? error.message : String(error) }),
    });
  } finally {
    progress.stop();
    await replay.close();
    if (options.store === undefined) await rm(folder, { recursive: true, force: true });
  }
  const summary = summarizeReplay(counts, { files: files.length, bad });
  if (options.output === 'json') {
    const findings = [...counts.findings.values()];
    await console.out(`${JSON.stringify({ findings, summary }, undefined, 2)}\n`);
  } else {
    await console.out(renderSummary(summary, console.width));
    if (options.store === undefined && counts.findings.size > 0)
      await console.out(
        `Nothing was kept. Replay with --store ${NOT_KEPT} to keep it and use the commands above.\n`,
      );
  }
  return statusOfReplay(summary, options);
};

/** `--rollback` alone means every target; a configuration says itself which. */
function withModes(config: Config, { rollback, config: file }: Options): Config {
  return rollback && file === undefined ? { ...config, targets: [{ match: '*', mode: 'rollback' }] } : config;
}

/** Stands in commands for the folder where the replay would have been kept. */
const NOT_KEPT = 'FOLDER';

/** Commands that run as they are printed; of a replay that is not kept, the AWS CLI's own are all there are to run. */
function completing(store: string | undefined): (finding: Finding) => Finding {
  if (store !== undefined) return (finding) => withCommands(finding, { kind: 'store', place: store });
  return (finding) => ({
    ...finding,
    acceptWith: withCommands(finding, { kind: 'store', place: NOT_KEPT }).acceptWith,
  });
}

/** Tells each finding as the guard publishes it, as a mail would, and keeps the last word on each. */
function publisherOn(
  console: Console,
  {
    output,
    complete,
    hide,
    findings,
  }: OutputOptions & {
    readonly complete: (finding: Finding) => Finding;
    readonly hide: () => void;
    readonly findings: Map<string, Finding>;
  },
): FindingPublisher {
  return {
    name: 'console',
    async publish(published) {
      for (const finding of published.map(complete)) {
        const known = findings.has(finding.id);
        findings.set(finding.id, finding);
        if (output === 'json') continue;
        const { layoutOf, renderText } = await import('../shared/findings/renderText.ts');
        const { renderUpdate } = await import('./replay/renderUpdate.ts');
        const rule = console.paint('dim', '─'.repeat(Math.min(80, console.width)));
        const text = known
          ? renderUpdate(finding, console)
          : `${rule}\n${visible(renderText(finding, layoutOf(console.width)))}\n`;
        hide();
        await console.out(text);
      }
      return [];
    },
  };
}

async function* counted<T>(records: AsyncIterable<T>, advance: (amount: number) => void): AsyncGenerator<T> {
  for await (const record of records) {
    yield record;
    advance(1);
  }
}

function statusOfReplay({ bad, faults, findings }: ReplaySummary, { failOnFindings }: Options): ExitStatus {
  if (faults > 0) return EXIT_STATUS.fault;
  if (bad > 0) return EXIT_STATUS.badInput;
  return failOnFindings && (findings.ACTIVE ?? 0) > 0 ? EXIT_STATUS.fail : EXIT_STATUS.pass;
}
