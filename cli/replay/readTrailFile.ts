/** One trail file → its records, each with its time and its place. What cannot be read is told, and the rest goes on. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parseJson } from '../../shared/policy/jsonDocument.ts';
import { isObject } from '../../shared/policy/reporter.ts';
import { readLines } from '../batch/readLines.ts';
import type { InputProblem } from '../input/inputError.ts';
import { whyNot } from '../input/readSources.ts';
import type { TrailFile } from './trailFiles.ts';

export type TrailRecord = {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly eventId: string;
  /** The record, or the envelope it came in. */
  readonly value: unknown;
  readonly place: Pick<InputProblem, 'source' | 'line' | 'path'>;
};

export type OnProblem = (problem: InputProblem) => void;

/** One CloudTrail log file unpacked; AWS delivers some megabytes. */
const MAX_LOG_BYTES = 256 * 1_048_576;
/** One record in a file of lines; CloudTrail's own limit is 256 KB, some members can be 1 MB. */
const MAX_LINE_BYTES = 8 * 1_048_576;

/** Returns the file's records in the file's order. */
export async function* readTrailFile(file: TrailFile, onProblem: OnProblem): AsyncGenerator<TrailRecord> {
  try {
    yield* file.format === 'lines' ? readLinesOf(file, onProblem) : readLogOf(file, onProblem);
  } catch (error) {
    onProblem({ source: file.path, message: whyUnreadable(error) });
  }
}

async function* readLinesOf(file: TrailFile, onProblem: OnProblem): AsyncGenerator<TrailRecord> {
  for await (const lines of readLines(open(file), { maxLineBytes: MAX_LINE_BYTES })) {
    for (const line of lines) {
      const place = { source: file.path, line: line.number };
      if (line.kind !== 'text') {
        const message =
          line.kind === 'too-long' ? `the line has more than ${MAX_LINE_BYTES} bytes` : 'is not UTF-8 text';
        onProblem({ ...place, message });
        continue;
      }
      const json = parseJson(line.text);
      if (!json.ok) {
        onProblem({ ...place, message: json.problem.message });
        continue;
      }
      const record = toRecord(unwrap(json.value), place);
      if ('message' in record) onProblem(record);
      else yield record;
    }
  }
}

async function* readLogOf(file: TrailFile, onProblem: OnProblem): AsyncGenerator<TrailRecord> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of open(file)) {
    bytes += chunk.length;
    if (bytes > MAX_LOG_BYTES) {
      return onProblem({
        source: file.path,
        message: `holds more than ${MAX_LOG_BYTES} bytes; at most 256 MiB are read`,
      });
    }
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const json = parseJson(text);
  if (!json.ok) {
    const { message, position } = json.problem;
    const place = position === undefined ? {} : { line: position.line, column: position.column };
    return onProblem({ source: file.path, ...place, message });
  }
  for (const { path, value } of recordsOf(json.value)) {
    const record = toRecord(value, { source: file.path, path });
    if ('message' in record) onProblem(record);
    else yield record;
  }
}

function open({ path, compressed }: TrailFile): AsyncIterable<Buffer> {
  const stream = createReadStream(path);
  if (!compressed) return stream;
  const unpacked = createGunzip();
  stream.on('error', (error) => unpacked.destroy(error)).pipe(unpacked);
  return unpacked;
}

/** CloudTrail's `{"Records":[…]}`, what `aws cloudtrail lookup-events` prints, a list of records, or a single one. */
function recordsOf(value: unknown): { path: string; value: unknown }[] {
  if (isObject(value) && Array.isArray(value['Events'])) {
    return value['Events'].map((event: unknown, index) => ({
      path: `$.Events[${index}]`,
      value: lookedUp(event),
    }));
  }
  const list = isObject(value) && Array.isArray(value['Records']) ? value['Records'] : value;
  const root = list === value ? '$' : '$.Records';
  if (!Array.isArray(list)) return [{ path: '$', value }];
  return list.map((member: unknown, index) => ({ path: `${root}[${index}]`, value: member }));
}

/** The record stands as text in `CloudTrailEvent`; what cannot be read is no record, and is told as such. */
function lookedUp(event: unknown): unknown {
  if (!isObject(event) || typeof event['CloudTrailEvent'] !== 'string') return event;
  const json = parseJson(event['CloudTrailEvent']);
  return json.ok ? json.value : undefined;
}

/** Collections of single events put a label around each: `{"source":…,"event":{…}}`. */
function unwrap(value: unknown): unknown {
  return isObject(value) && isObject(value['event']) && value['eventName'] === undefined
    ? value['event']
    : value;
}

function toRecord(value: unknown, place: TrailRecord['place']): TrailRecord | InputProblem {
  if (!isObject(value)) return { ...place, message: 'a record must be a JSON object' };
  // EventBridge puts the record into `detail`.
  const record = isObject(value['detail']) ? value['detail'] : value;
  const { eventTime, eventID } = record;
  const time = typeof eventTime === 'string' ? Date.parse(eventTime) : Number.NaN;
  if (Number.isNaN(time))
    return { ...place, message: 'not a CloudTrail record: `eventTime` is missing or is not a time' };
  return { time, eventId: typeof eventID === 'string' ? eventID : '', value, place };
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return 'the compressed file ends too early';
  return code.startsWith('Z_') ? 'is not gzip, despite its name' : whyNot(error);
}
