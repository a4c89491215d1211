/**
 * Many trail files → one stream of records in order of time. A first pass learns when each file begins and ends; the
 * second opens a file when its first record is due, so that only files that overlap are held at once.
 */
import { InputError } from '../input/inputError.ts';
import { type OnProblem, readTrailFile, type TrailRecord } from './readTrailFile.ts';
import type { TrailFile } from './trailFiles.ts';

/** What the first pass keeps of a file. */
type FileSpan = {
  readonly file: TrailFile;
  /** Milliseconds since 1970 of the earliest record. */
  readonly first: number;
  readonly records: number;
  /** True iff its records stand in order: then they need not be held to be sorted. */
  readonly sorted: boolean;
};

/** Returns the spans of the files that hold records, by first record. Every problem of every file is told here. */
export async function surveyTrail(
  files: readonly TrailFile[],
  { onProblem, onFile }: { readonly onProblem: OnProblem; readonly onFile?: (file: TrailFile) => void },
): Promise<FileSpan[]> {
  const spans: FileSpan[] = [];
  for (const file of files) {
    let first = Number.POSITIVE_INFINITY;
    let records = 0;
    let sorted = true;
    let last: TrailRecord | undefined;
    for await (const record of readTrailFile(file, onProblem)) {
      first = Math.min(first, record.time);
      records++;
      sorted &&= last === undefined || compareRecords(last, record) <= 0;
      last = { ...record, value: undefined };
    }
    if (records > 0) spans.push({ file, first, records, sorted });
    onFile?.(file);
  }
  // Stable: files that begin together keep the order of their names.
  return spans.sort((a, b) => a.first - b.first);
}

type Cursor = {
  readonly head: TrailRecord;
  readonly rest: AsyncIterator<TrailRecord>;
  readonly order: number;
};

/**
 * Returns the records of all files by time, then event id; records equal in both keep the order of files and lines.
 * Throws `InputError` when a file is no longer what the survey saw.
 */
export async function* mergeTrail(spans: readonly FileSpan[]): AsyncGenerator<TrailRecord> {
  const waiting = spans.map((span, order) => ({ span, order }));
  const open: Cursor[] = [];
  let next = 0;
  while (true) {
    for (let due = waiting[next]; due !== undefined; due = waiting[next]) {
      if (due.span.first > (open[0]?.head.time ?? Number.NEGATIVE_INFINITY) && open.length > 0) break;
      next++;
      await advance(open, recordsOf(due.span), due.order);
    }
    const cursor = open.shift();
    if (cursor === undefined) return;
    yield cursor.head;
    await advance(open, cursor.rest, cursor.order);
  }
}

/** Puts the cursor back at the place of its next record, or drops it at its end. */
async function advance(open: Cursor[], rest: AsyncIterator<TrailRecord>, order: number): Promise<void> {
  const { done, value } = await rest.next();
  if (done === true) return;
  const cursor: Cursor = { head: value, rest, order };
  let low = 0;
  let high = open.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = open[middle];
    if (other !== undefined && compareCursors(other, cursor) <= 0) low = middle + 1;
    else high = middle;
  }
  open.splice(low, 0, cursor);
}

async function* recordsOf({ file, sorted, records: expected }: FileSpan): AsyncGenerator<TrailRecord> {
  // What is wrong with single records was told by the survey.
  const records = readTrailFile(file, () => {});
  let count = 0;
  const held: TrailRecord[] = [];
  for await (const record of records) {
    count++;
    if (sorted) yield record;
    else held.push(record);
  }
  yield* held.sort(compareRecords);
  if (count === expected) return;
  throw new InputError([{ source: file.path, message: 'changed while it was read; run the replay again' }]);
}

function compareCursors(a: Cursor, b: Cursor): number {
  return compareRecords(a.head, b.head) || a.order - b.order;
}

/** Negative iff `a` comes before `b`: by time, then by event id. */
function compareRecords(a: TrailRecord, b: TrailRecord): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.eventId === b.eventId) return 0;
  return a.eventId < b.eventId ? -1 : 1;
}
