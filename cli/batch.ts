/** `ratchet batch`: one JSON object a line in, one verdict a line out, in order. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { WorkerPool } from './batch/pool.ts';
import type { Answer, Counts } from './batch/runBatch.ts';
import {
  addOnlyPossible,
  addSolver,
  type OutputOptions,
  type PossibleOptions,
  type Run,
  type SolverOptions,
} from './checkCommand.ts';
import { renderProblem } from './input/inputError.ts';
import { visible } from './output/console.ts';
import { EXIT_STATUS, type ExitStatus } from './output/exitStatus.ts';

type Options = SolverOptions & PossibleOptions & OutputOptions & { readonly expect: boolean };

/** Two documents of 1 MiB, each a string with every character escaped, fit. */
const MAX_LINE_BYTES = 16 * 1_048_576;

/** Adds the command's arguments and flags. */
export function describeBatch(command: Command): Command {
  command
    .summary('run many checks: one JSON object a line in, one verdict a line out')
    .description(
      'Answers the lines in order. A bad row gets an error as its answer; the other rows are still checked. ' +
        'Exit status: 0 all rows were answered, 1 --expect found a difference, 2 a row was bad, 4 internal error or output closed early.',
    )
    .argument('<file>', 'a file of JSON lines, or - for standard input')
    .addOption(
      command
        .createOption('--output <format>', 'json lines for scripts, text for people')
        .choices(['json', 'text'])
        .default('json'),
    )
    .option('--expect', 'compare each answer with the row’s `expected` and `reasons`', false)
    .addHelpText(
      'after',
      `
A row:
  {"id": "1", "check": "no-new-access", "policyType": "IDENTITY_POLICY",
   "existing": {…}, "new": {…}}
Checks and their fields: no-new-access (the default; existing, new),
access-not-granted (policy, access), no-public-access (policy,
resourceType), no-external-access (policy, trusted). A document may be an
object or a string that holds JSON.

Example:
  ratchet batch pairs.jsonl > verdicts.jsonl`,
    );
  return addOnlyPossible(addSolver(command));
}

/** Runs the batch. */
export const runBatchCommand: Run<Options> = async (options, console, [file = '-']) => {
  const { solver, timeoutMs, onlyPossible, expect, output } = options;
  const { readLines } = await import('./batch/readLines.ts');
  const { runBatch } = await import('./batch/runBatch.ts');
  const { startPool } = await import('./batch/pool.ts');
  const { createEngine } = await import('../shared/checks/index.ts');
  const { startProgress } = await import('./output/progress.ts');
  const { stream, bytes } = await open(file, console.stdin);
  const progress = await startProgress(console, { total: bytes, unit: 'bytes' });
  const engine = createEngine({ solver, timeoutMs, onlyPossible });
  const work = { solver, timeoutMs, onlyPossible, maxLineBytes: MAX_LINE_BYTES, expect };
  let pool: WorkerPool | undefined;
  let counts: Counts;
  // Until every row is answered, so that a reader that closes the output early does not see success.
  process.exitCode = EXIT_STATUS.fault;
  try {
    counts = await runBatch(readLines(stream, { maxLineBytes: MAX_LINE_BYTES, onBytes: progress.advance }), {
      engine,
      ...work,
      startPool: () => {
        pool = startPool(work);
        return pool;
      },
      write: (answers) => {
        progress.hide();
        return console.out(answers.map(output === 'json' ? toLine : toSentence).join(''));
      },
      onDifference: (difference) => {
        progress.hide();
        console.err(`${difference}\n`);
      },
    });
  } finally {
    progress.stop();
    await pool?.close();
    await engine.close();
  }
  console.err(`${summarize(counts, expect)}\n`);
  return statusOfBatch(counts);
};

async function open(
  file: string,
  stdin: NodeJS.ReadableStream,
): Promise<{ stream: AsyncIterable<Uint8Array | string>; bytes?: number }> {
  if (file === '-') return { stream: stdin };
  const { refuseFolder, toPath } = await import('./input/readSources.ts');
  const path = toPath(file);
  await refuseFolder(path);
  const { size } = await stat(path);
  return { stream: createReadStream(path, { highWaterMark: 256 * 1024 }), bytes: size };
}

function toLine(answer: Answer): string {
  return `${JSON.stringify(answer)}\n`;
}

function toSentence(answer: Answer): string {
  const id = visible(String(answer.id));
  if ('error' in answer) {
    const { line, column, path, message } = answer.error;
    const place = renderProblem({
      source: `line ${line}`,
      message,
      ...(column === undefined ? {} : { column }),
      ...(path === undefined ? {} : { path }),
    });
    return `ERROR    ${id}: ${visible(place)}\n`;
  }
  const statements = answer.reasons.map(({ statementIndex }) => statementIndex).join(', ');
  const noun = answer.reasons.length === 1 ? 'statement' : 'statements';
  const where = answer.result === 'FAIL' ? `: ${noun} ${statements}` : '';
  const why = answer.result === 'UNKNOWN' ? `: ${visible(answer.cause)}` : '';
  return `${answer.result.padEnd(7)}  ${id}${where}${why}\n`;
}

/** Returns the counts as one line for people. */
function summarize(counts: Counts, expect: boolean): string {
  const { rows, PASS, FAIL, UNKNOWN, bad, faults, differences } = counts;
  const parts = [`${PASS} PASS`, `${FAIL} FAIL`, `${UNKNOWN} UNKNOWN`, `${bad} bad`];
  if (faults > 0) parts.push(`${faults} failed`);
  if (expect) parts.push(`${differences} not as expected`);
  return `${rows} ${rows === 1 ? 'row' : 'rows'}: ${parts.join(', ')}`;
}

function statusOfBatch({ bad, faults, differences }: Counts): ExitStatus {
  if (faults > 0) return EXIT_STATUS.fault;
  if (bad > 0) return EXIT_STATUS.badInput;
  return differences > 0 ? EXIT_STATUS.fail : EXIT_STATUS.pass;
}
