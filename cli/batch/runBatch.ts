/** Rows in, answers out, in order, one line each. Keeps nothing but counts. */
import type { Engine } from '../../shared/checks/index.ts';
import type { Verdict } from '../../shared/checks/verdict.ts';
import type { Line } from './readLines.ts';
import { idOf, type Row, type RowId, type RowProblem, readJson, readRow } from './row.ts';

export type Answer =
  | ({ readonly id: RowId } & Verdict & { readonly micros: number })
  | { readonly id: RowId; readonly error: AnswerError };

/** `line` counts from 1 in the batch; `problems` only when there is more than one. */
type AnswerError = {
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

/** The answer to a line, and how it counts. */
export type Answered = {
  readonly answer: Answer;
  readonly counts: Exclude<keyof Counts, 'rows' | 'differences'>;
  /** How the answer differs from what the row expects, as a sentence. */
  readonly difference?: string;
};

export type AnswerOptions = {
  readonly maxLineBytes: number;
  /** Compare each row with its `expected` and `reasons`. */
  readonly expect: boolean;
};

/** Answers lines elsewhere, several lists at once. */
export type Pool = {
  /** How many lists it works on at once. */
  readonly size: number;
  readonly answer: (lines: readonly Line[]) => Promise<readonly Answered[]>;
};

type BatchOptions = AnswerOptions & {
  readonly engine: Engine;
  /** Called once, when the input turns out to be long. */
  readonly startPool?: () => Pool | undefined;
  readonly write: (answers: readonly Answer[]) => Promise<void>;
  /** Told of every difference, a sentence each. */
  readonly onDifference: (difference: string) => void;
};

/** Answers wait at most so long for others to be written with. */
const FLUSH_AFTER_MS = 200;
const FLUSH_AFTER_ANSWERS = 256;
/** So many lines are answered before it pays to start a pool. */
const LINES_ALONE = 512;
/** Lines of one list for the pool. */
const LIST_LINES = 64;

/** Answers every line, in order, and returns the counts. */
export async function runBatch(batches: AsyncIterable<Line[]>, options: BatchOptions): Promise<Counts> {
  const counts: Counts = { rows: 0, PASS: 0, FAIL: 0, UNKNOWN: 0, bad: 0, faults: 0, differences: 0 };
  const count = ({ answer, counts: as, difference }: Answered): Answer => {
    counts.rows++;
    counts[as]++;
    if (difference !== undefined) {
      counts.differences++;
      options.onDifference(difference);
    }
    return answer;
  };
  let pool: Pool | undefined;
  /** Lists in the pool, in the order of their lines; each is settled once it and all before it are written. */
  const waiting: Promise<void>[] = [];
  let written = Promise.resolve();
  for await (const lines of batches) {
    if (counts.rows >= LINES_ALONE && pool === undefined) pool = options.startPool?.();
    if (pool === undefined) {
      await answerHere(lines, count, options);
      continue;
    }
    for (let start = 0; start < lines.length; start += LIST_LINES) {
      const answers = pool.answer(lines.slice(start, start + LIST_LINES));
      // A list that fails is told in its turn.
      answers.catch(() => {});
      written = written.then(async () => options.write((await answers).map(count)));
      written.catch(() => {});
      waiting.push(written);
      if (waiting.length > 2 * pool.size) await waiting.shift();
    }
  }
  await written;
  return counts;
}

async function answerHere(
  lines: readonly Line[],
  count: (answered: Answered) => Answer,
  options: BatchOptions,
): Promise<void> {
  let answers: Answer[] = [];
  let flushed = performance.now();
  for (const line of lines) {
    answers.push(count(await answerLine(line, options.engine, options)));
    if (answers.length < FLUSH_AFTER_ANSWERS && performance.now() - flushed < FLUSH_AFTER_MS) continue;
    await options.write(answers);
    answers = [];
    flushed = performance.now();
  }
  if (answers.length > 0) await options.write(answers);
}

/** Returns the answer to a line. Never throws: a fault in one row says nothing about the next. */
export async function answerLine(
  line: Line,
  engine: Engine,
  { maxLineBytes, expect }: AnswerOptions,
): Promise<Answered> {
  const refuse = (id: RowId, problems: readonly RowProblem[]): Answered => ({
    answer: { id, error: toError(line.number, problems) },
    counts: 'bad',
  });
  if (line.kind === 'too-long') {
    return refuse(null, [
      { message: `the line has more than ${maxLineBytes} bytes, which is the limit`, path: '$' },
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
    const verdict = await row.ask(engine);
    const micros = Math.round((performance.now() - start) * 1000);
    const difference = expect ? differenceOf(row, verdict) : undefined;
    return {
      answer: { id: row.id, ...verdict, micros },
      counts: verdict.result,
      ...(difference === undefined
        ? {}
        : { difference: `line ${line.number}: \`${row.id}\`: ${difference}` }),
    };
  } catch (error) {
    return { answer: { id: row.id, error: toFault(line.number, error) }, counts: 'faults' };
  }
}

/** Returns the answer to a line at which something broke. */
export function faultOf(line: Line, error: unknown): Answered {
  const json = line.kind === 'text' ? readJson(line.text) : undefined;
  const id = json === undefined ? null : json.ok ? idOf(json.value) : json.id;
  return { answer: { id, error: toFault(line.number, error) }, counts: 'faults' };
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
