/** Files and folders of CloudTrail logs → the files to read, in a fixed order. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type InputProblem } from '../input/inputError.ts';
import { toPath, whyNot } from '../input/readSources.ts';

/** `log`: one JSON text, as CloudTrail delivers; `lines`: one record a line. */
export type TrailFile = {
  readonly path: string;
  readonly format: 'log' | 'lines';
  readonly compressed: boolean;
  readonly bytes: number;
};

const FORMATS: readonly { readonly ending: RegExp; readonly format: TrailFile['format'] }[] = [
  { ending: /\.json(\.gz)?$/i, format: 'log' },
  { ending: /\.(jsonl|ndjson)(\.gz)?$/i, format: 'lines' },
];

/** CloudTrail keeps checksums and statistics beside its logs, in folders of these names. */
const OTHER_TRAIL_FILES = /CloudTrail-(Digest|Insight)/;

/**
 * Returns the trail files at the paths, folders searched all the way down, sorted by path, each once.
 * In a folder other files are passed over, and what looks like one and is no regular file is told to `onSkipped`; one that
 * is named itself must be a trail file. Throws `InputError`.
 */
export async function findTrailFiles(
  paths: readonly string[],
  onSkipped: (problem: InputProblem) => void = () => {},
): Promise<TrailFile[]> {
  const files = new Map<string, TrailFile>();
  const problems: InputProblem[] = [];
  for (const path of paths.map(toPath)) {
    try {
      if ((await stat(path)).isDirectory())
        for (const file of await listFolder(path, onSkipped)) files.set(file.path, file);
      else files.set(path, await describe(path));
    } catch (error) {
      if (error instanceof InputError) problems.push(...error.problems);
      else problems.push({ source: path, message: whyNot(error) });
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listFolder(folder: string, onSkipped: (problem: InputProblem) => void): Promise<TrailFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory() && formatOf(entry.name) !== undefined)
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !OTHER_TRAIL_FILES.test(path));
  const found: TrailFile[] = [];
  for (const path of paths) {
    try {
      found.push(await describe(path));
    } catch (error) {
      // A pipe, a device, a link that leads nowhere: waiting for it could take for ever.
      if (error instanceof InputError) for (const problem of error.problems) onSkipped(problem);
      else onSkipped({ source: path, message: whyNot(error) });
    }
  }
  if (paths.length > 0) return found;
  const message = 'contains no trail files; their names end in .json, .jsonl, .json.gz or .jsonl.gz';
  throw new InputError([{ source: folder, message }]);
}

async function describe(path: string): Promise<TrailFile> {
  const format = formatOf(path);
  if (format === undefined) {
    const message =
      'does not look like a trail file; its name must end in .json, .jsonl, .json.gz or .jsonl.gz';
    throw new InputError([{ source: path, message }]);
  }
  const found = await stat(path);
  if (!found.isFile()) throw new InputError([{ source: path, message: 'is not a regular file; skipped' }]);
  return { path, format, compressed: /\.gz$/i.test(path), bytes: found.size };
}

function formatOf(name: string): TrailFile['format'] | undefined {
  return FORMATS.find(({ ending }) => ending.test(name))?.format;
}
