/** What changed between two states of a repository, by asking `git` itself; no shell, names taken as bytes say. */
import { execFile, spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { InputError } from '../../input/inputError.ts';
import { fileKind, isDisguised, mayHold } from '../formats/fileKind.ts';
import type { FileTexts } from '../readFile.ts';
import { decodeText } from './decode.ts';

const run = promisify(execFile);

/** Which two states. `to` absent: the files as they lie there. */
export type Range =
  | { readonly kind: 'commits'; readonly from: string; readonly to?: string }
  | { readonly kind: 'staged'; readonly from: string };

/** Larger files are named, not read. */
const MAX_BYTES = 64 * 1_048_576;

/** Returns the two states that a range names: `A..B`, `A...B` (since they parted), or `A` and the files as they are. */
export async function parseRange(text: string, folder: string): Promise<Range> {
  const [, left, dots, right] = /^(.*?)(\.\.\.?)(.*)$/.exec(text) ?? [];
  if (dots === undefined) return { kind: 'commits', from: await commitOf(text, folder) };
  const [from, to] = [await commitOf(left || 'HEAD', folder), await commitOf(right || 'HEAD', folder)];
  const parted = `what \`${text}\` names has no commit in common; put two dots between, or fetch more of the history`;
  const start = dots === '..' ? from : (await git(['merge-base', from, to], folder, parted)).trim();
  if (start === to)
    throw new InputError([
      {
        message: `\`${text}\` has no commits: both ends are ${to.slice(0, 12)}; name the branch that changes something`,
      },
    ]);
  return { kind: 'commits', from: start, to };
}

/** Returns what is staged against the last commit, or against nothing before the first. */
export async function stagedRange(folder: string): Promise<Range> {
  const head = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], folder, '').catch((error) => {
    if (error instanceof InputError && error.message === '') return undefined;
    throw error;
  });
  if (head !== undefined) return { kind: 'staged', from: head.trim() };
  return { kind: 'staged', from: (await git(['hash-object', '-t', 'tree', '/dev/null'], folder)).trim() };
}

/** Returns true iff the word names a commit. */
export async function isCommit(word: string, folder: string): Promise<boolean> {
  try {
    await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${word}^{commit}`], folder, 'none');
    return true;
  } catch {
    return false;
  }
}

/** Returns every file that differs, with both contents, in order of path. Throws `InputError` for what git refuses. */
export async function changedFiles(
  range: Range,
  paths: readonly string[],
  folder: string,
): Promise<FileTexts[]> {
  const top = (await git(['rev-parse', '--show-toplevel'], folder)).trim();
  for (const path of paths) await refuseNothing(path, range, folder);
  const between =
    range.kind === 'staged'
      ? ['--cached', range.from]
      : range.to === undefined
        ? [range.from]
        : [range.from, range.to];
  const listed = await git(
    [
      'diff',
      '--raw',
      '--no-abbrev',
      '--no-ext-diff',
      '--no-relative',
      '--no-color',
      '--find-renames',
      '--ignore-submodules=dirty',
      '-z',
      ...between,
      '--',
      ...paths,
    ],
    folder,
  );
  const names = parseNames(listed);
  if (range.kind === 'commits' && range.to === undefined) names.push(...(await untracked(paths, folder)));
  const contents = contentsOf(top);
  const byPath = (revision: string) => (path: string) =>
    path.includes('\n') ? Promise.resolve(undefined) : contents.read(`${revision}${path}`);
  const before = byPath(`${range.from}:`);
  const after = byPath(range.kind === 'staged' ? ':0:' : `${range.to}:`);
  // Objects of files that differ on disk may be named, and are nowhere.
  const isOnDisk = range.kind === 'commits' && range.to === undefined;
  try {
    const files: FileTexts[] = [];
    for (const { before: was, after: is, isSubmodule = false } of names) {
      if (isSubmodule) {
        files.push({ path: is?.path ?? '', problem: 'it is a submodule, whose files are not read' });
        continue;
      }
      const [old, now] = [
        wanted(was?.path, await contentOf(was, contents, before)),
        wanted(
          is?.path,
          isOnDisk && is !== undefined
            ? ((await fileAt(top, is.path)) ?? 'missing')
            : await contentOf(is, contents, after),
        ),
      ];
      if (old === undefined && now === undefined) continue;
      const isMoved = old !== undefined && now !== undefined && was?.path !== is?.path;
      // Under the name of a page it may still be read by a program, and may as well be applied by nobody any more.
      if (isMoved && isPage(is?.path) && !isPage(was?.path))
        files.push(fileOf(was?.path ?? '', old, undefined));
      const path = (now === undefined ? was?.path : is?.path) ?? '';
      const file = fileOf(path, old, now);
      files.push(isMoved ? { ...file, formerPath: was?.path ?? '' } : file);
    }
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  } finally {
    contents.close();
  }
}

/** Returns the content; undefined where the name says that it is a page or a picture, and it is. */
export function wanted(path: string | undefined, content: Content): Content {
  if (path === undefined || fileKind(path) !== 'other') return content;
  const text = content instanceof Uint8Array ? decodeText(content) : undefined;
  return text !== undefined && isDisguised(path, text) ? content : undefined;
}

const isPage = (path = '') => fileKind(path) === 'other';

const MAX_LINKS = 5;

/** Returns the content; a link's is that of what it leads to. What git names and does not have is missing. */
async function contentOf(
  named: Named | undefined,
  contents: Contents,
  read: (path: string) => Promise<Content>,
): Promise<Content> {
  if (named === undefined) return undefined;
  let { path } = named;
  let content = await contents.read(named.object);
  for (let count = 0; named.isLink === true && content instanceof Uint8Array && count < MAX_LINKS; count++) {
    const text = new TextDecoder().decode(content);
    // A name of a file, not yet a file with a policy.
    if (text.length > 1000 || /[\n{:]/.test(text)) return content;
    path = posix.normalize(posix.join(posix.dirname(path), text));
    content = await read(path);
  }
  return content ?? 'missing';
}

/** Returns a file with its texts; bytes that are no text are left out, and what is too large is named. */
export function fileOf(path: string, before: Content, after: Content): FileTexts {
  const [old, now] = [before, after].map((content) =>
    content instanceof Uint8Array ? decodeText(content) : undefined,
  );
  const [wrong] = [before, after].flatMap((content) =>
    content === 'large' || content === 'missing' ? PROBLEMS[content] : [],
  );
  // What was a text and is none any more may say the same in another encoding.
  const isCut =
    [old, now].some((text) => text !== undefined && mayHold(text)) &&
    ((before instanceof Uint8Array && old === undefined) ||
      (after instanceof Uint8Array && now === undefined));
  const problem = wrong ?? (isCut ? PROBLEMS.bytes : undefined);
  return {
    path,
    ...(old === undefined ? {} : { before: old }),
    ...(now === undefined ? {} : { after: now }),
    ...(problem === undefined ? {} : { problem }),
  };
}

const PROBLEMS = {
  large: `it has more than ${MAX_BYTES / 1_048_576} MiB`,
  bytes: 'one side of it is a text and the other none',
  missing: 'its content is not there; fetch it first, or see where it leads',
} as const;

export type Content = Uint8Array | 'large' | 'missing' | undefined;

/** Returns the content of a file of the repository as it lies there. */
export async function fileAt(top: string, path: string | undefined): Promise<Content> {
  return path === undefined ? undefined : contentOfFile(join(top, path));
}

/** Returns the content of a file on disk. */
export async function contentOfFile(path: string): Promise<Content> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined;
  return found.size > MAX_BYTES ? 'large' : readFile(path);
}

async function refuseNothing(path: string, range: Range, folder: string): Promise<void> {
  if ((await stat(join(folder, path)).catch(() => undefined)) !== undefined) return;
  if ((await stat(path).catch(() => undefined)) !== undefined) return;
  const listed = [
    await git(['ls-files', '--', path], folder),
    await git(['ls-tree', '-r', '--name-only', range.from, '--', path], folder),
    range.kind === 'commits' && range.to !== undefined
      ? await git(['ls-tree', '-r', '--name-only', range.to, '--', path], folder)
      : '',
  ];
  if (listed.every((each) => each === ''))
    throw new InputError([
      { message: `\`${path}\` matches nothing, neither before nor after; check the path` },
    ]);
}

type Named = { readonly path: string; readonly object?: string; readonly isLink?: boolean };
type Names = { readonly before?: Named; readonly after?: Named; readonly isSubmodule?: boolean };

/** Files that git does not know; those it ignores only where they are named. */
async function untracked(paths: readonly string[], folder: string): Promise<Names[]> {
  const list = async (more: readonly string[], which: readonly string[]) =>
    (await git(['ls-files', '--others', ...more, '--full-name', '-z', '--', ...which], folder))
      .split('\0')
      .filter((path) => path !== '');
  const found = new Set(await list(['--exclude-standard'], paths));
  for (const path of paths) {
    const isFile = (await stat(join(folder, path)).catch(() => undefined))?.isFile() === true;
    if (isFile) for (const name of await list([], [path])) found.add(name);
  }
  return [...found].map((path) => ({ after: { path } }));
}

/** `:100644 100644 OLD NEW M\0path\0`, `… R087\0old\0new\0`. Source: git-diff manual, "RAW OUTPUT FORMAT" with `-z`. */
function parseNames(listed: string): Names[] {
  const words = listed.split('\0');
  const names: Names[] = [];
  for (let at = 0; at + 1 < words.length; ) {
    const [oldMode, mode, old = '', now = '', status = ''] = words[at++]?.split(' ') ?? [];
    const first = words[at++] ?? '';
    const second = /^[RC]/.test(status) ? (words[at++] ?? '') : first;
    if (oldMode === ':160000' || mode === '160000') {
      names.push({ after: { path: second }, isSubmodule: true });
      continue;
    }
    const before = { path: first, object: old, isLink: oldMode === ':120000' };
    const after = { path: second, object: now, isLink: mode === '120000' };
    // A copy leaves its source as it was.
    if (/^[AC]/.test(status)) names.push({ after });
    else if (status.startsWith('D')) names.push({ before });
    else names.push({ before, after });
  }
  return names;
}

async function commitOf(name: string, folder: string): Promise<string> {
  const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  if (name === 'HEAD') {
    const none = 'the repository has no commit yet; `ratchet diff --staged` judges what is to be the first';
    return (await git(asked, folder, none)).trim();
  }
  return (
    await git(asked, folder, `unknown revision or path \`${name}\`; fetch it first, or check its spelling`)
  ).trim();
}

type Contents = { read(object: string | undefined): Promise<Content>; close(): void };

/** One process reads every content: a start for each would take longer than all the rest. Source: git-cat-file, "BATCH OUTPUT". */
const NEWLINE = 10;

export function contentsOf(top: string): Contents {
  const child = spawn('git', ['cat-file', '--batch'], { cwd: top, stdio: ['pipe', 'pipe', 'ignore'] });
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held = Buffer.alloc(0);
  const more = async () => {
    const next = await chunks.next();
    if (next.done === true)
      throw new InputError([{ source: 'git', message: 'it ended before it gave every file' }]);
    held = Buffer.concat([held, next.value]);
  };
  const take = async (length: number) => {
    if (held.length < length) {
      const parts = [held];
      let size = held.length;
      while (size < length) {
        held = Buffer.alloc(0);
        await more();
        parts.push(held);
        size += held.length;
      }
      held = Buffer.concat(parts);
    }
    const taken = held.subarray(0, length);
    held = held.subarray(length);
    return taken;
  };
  return {
    async read(object) {
      if (object === undefined) return undefined;
      child.stdin.write(`${object}\n`);
      while (!held.includes(NEWLINE)) await more();
      const header = (await take(held.indexOf(NEWLINE) + 1)).subarray(0, -1).toString();
      const [, type, size] = /^\S+ (\w+) (\d+)$/.exec(header) ?? [];
      if (type === undefined || size === undefined) return undefined;
      const content = Buffer.from(await take(Number(size)));
      await take(1);
      if (type !== 'blob') return undefined;
      return content.length > MAX_BYTES ? 'large' : content;
    },
    close: () => {
      child.stdin.end();
      child.kill();
    },
  };
}

/** Returns what git prints. `quiet`: what to tell the person where git refuses without a word. */
export async function git(args: readonly string[], folder: string, quiet?: string): Promise<string> {
  try {
    const { stdout } = await run('git', args, {
      cwd: folder,
      maxBuffer: 4 * MAX_BYTES,
      // What it says is looked at below, so in one language.
      env: { ...process.env, LC_ALL: 'C' },
    });
    return stdout;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new InputError([
        { message: 'git is not installed, or the folder is gone; `ratchet diff` asks git' },
      ]);
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    if (said.includes('not a git repository'))
      throw new InputError([
        {
          message: `\`${folder}\` is in no git repository; run \`ratchet diff\` in one, or name two folders or a plan`,
        },
      ]);
    if (said === '')
      throw new InputError([{ message: quiet ?? `\`git ${args[0]}\` failed and did not say why` }]);
    throw new InputError([{ source: 'git', message: said.split('\n')[0]?.replace(/^fatal: /, '') ?? said }]);
  }
}
