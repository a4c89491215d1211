/** Rows in, answers out, in order, one line each. Keeps nothing but counts. */
import type { Engine } from '../../shared/checks/index.ts';
import type { Verdict } from '../../shared/checks/verdict.ts';
import type { Line } from './readLines.ts';
import { type Row, type RowId, type RowProblem, readJson, readRow } from './row.ts';

export type Answer =
  | ({ readonly id: RowId } & Verdict & { readonly micros: number })
  | { readonly id: RowId; readonly error: AnswerError };

/** `line` counts from 1 in the batch; `problems` only when there is more than one. */
export type AnswerError = {
  readonly message: string;
  readonly line: number;
  readonly column?: number;
  readonly path?: string;
  /** A fault, not a bad row: `DECIDERS_DIFFER`. */
  readonly code?: string;
  readonly problems?: readonly RowProblem[];
};

export type Counts = {
  rows: number;
  PASS: number;
  FAIL: number;
  UNKNOWN: number;
  bad: number;
  faults: number;
  /** Rows that differ from what they expect. */
  differences: number;
};

export type BatchOptions = {
  readonly engine: Engine;
  readonly maxLineBytes: number;
  /** Compare each row with its `expected` and `reasons`. */
  readonly expect: boolean;
  readonly write: (answers: readonly Answer[]) => Promise<void>;
  /** Told of every difference, a sentence each. */
  readonly onDifference: (difference: string) => void;
};

/** Answers wait at most so long for others to be written with. */
const FLUSH_AFTER_MS = 200;
const FLUSH_AFTER_ANSWERS = 256;

/** Answers every line and returns the counts. */
export async function runBatch(batches: AsyncIterable<Line[]>, options: BatchOptions): Promise<Counts> {
  const counts: Counts = { rows: 0, PASS: 0, FAIL: 0, UNKNOWN: 0, bad: 0, faults: 0, differences: 0 };
  for await (const lines of batches) {
    let answers: Answer[] = [];
    let flushed = performance.now();
    for (const line of lines) {
      answers.push(await answerLine(line, options, counts));
      if (answers.length < FLUSH_AFTER_ANSWERS && performance.now() - flushed < FLUSH_AFTER_MS) continue;
      await options.write(answers);
      answers = [];
      flushed = performance.now();
    }
    if (answers.length > 0) await options.write(answers);
  }
  return counts;
}

async function answerLine(line: Line, options: BatchOptions, counts: Counts): Promise<Answer> {
  counts.rows++;
  const refuse = (id: RowId, problems: readonly RowProblem[]): Answer => {
    counts.bad++;
    return { id, error: toError(line.number, problems) };
  };
  if (line.kind === 'too-long') {
    return refuse(null, [
      { message: `the line has more than ${options.maxLineBytes} bytes, which is the limit`, path: '$' },
    ]);
  }
  if (line.kind === 'not-utf8') return refuse(null, [{ message: 'the line is not UTF-8 text', path: '$' }]);
  const json = readJson(line.text);
  if (!json.ok) return refuse(json.id, json.problems);
  const start = performance.now();
  const reading = readRow(json.value, line.text);
  if (!reading.ok) return refuse(reading.id, reading.problems);
  const { row } = reading;
  try {
    const verdict = await row.ask(options.engine);
    const micros = Math.round((performance.now() - start) * 1000);
    counts[verdict.result]++;
    const difference = options.expect ? differenceOf(row, verdict) : undefined;
    if (difference !== undefined) {
      counts.differences++;
      options.onDifference(`line ${line.number}: \`${row.id}\`: ${difference}`);
    }
    return { id: row.id, ...verdict, micros };
  } catch (error) {
    // A fault in one row says nothing about the next.
    counts.faults++;
    return { id: row.id, error: toFault(line.number, error) };
  }
}

function toError(line: number, problems: readonly RowProblem[]): AnswerError {
  const [first = { message: 'the row is wrong', path: '$' }] = problems;
  const { message, column, path } = first;
  return {
    message,
    line,
    ...(column === undefined ? {} : { column }),
    path,
    ...(problems.length > 1 ? { problems } : {}),
  };
}

function toFault(line: number, error: unknown): AnswerError {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'FAULT';
  return { message: error instanceof Error ? error.message : String(error), line, code };
}

/** Returns how the verdict differs from what the row expects, or undefined when it does not. */
export function differenceOf(
  { expected, reasons }: Pick<Row, 'expected' | 'reasons'>,
  verdict: Verdict,
): string | undefined {
  if (expected !== undefined && expected !== verdict.result)
    return `expected ${expected}, got ${verdict.result}`;
  if (reasons === undefined) return undefined;
  const wanted = reasons.toSorted((a, b) => a - b).join(', ');
  const got = verdict.reasons.map(({ statementIndex }) => statementIndex).join(', ');
  return wanted === got ? undefined : `expected the statements [${wanted}], got [${got}]`;
}
