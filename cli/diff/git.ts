/** What changed between two states of a repository, by asking `git` itself; no shell, names taken as bytes say. */
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InputError } from '../input/inputError.ts';

const run = promisify(execFile);

/** A file that differs; `before` absent: it is new, `after` absent: it is gone. */
export type ChangedFile = {
  /** As it is called now, or was called, from the top of the repository. */
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
};

export type Range = {
  /** A commit. */
  readonly from: string;
  /** A commit; absent: the files as they lie there. */
  readonly to?: string;
};

/** Larger files hold no policy that AWS takes. */
const MAX_BYTES = 16 * 1_048_576;

/** Returns the two states that a range names: `A..B`, `A...B` (since they parted), or `A` and the files as they are. */
export async function parseRange(text: string, folder: string): Promise<Range> {
  const [, left, dots, right] = /^(.*?)(\.\.\.?)(.*)$/.exec(text) ?? [];
  if (dots === undefined) return { from: await commitOf(text, folder) };
  const [from, to] = [await commitOf(left || 'HEAD', folder), await commitOf(right || 'HEAD', folder)];
  if (dots === '..') return { from, to };
  const parted = `what \`${text}\` names has no commit in common; put two dots between`;
  return { from: (await git(['merge-base', from, to], folder, parted)).trim(), to };
}

/** Returns every file that differs, with both contents, in order of path. Throws `InputError` for what git refuses. */
export async function changedFiles(
  { from, to }: Range,
  paths: readonly string[],
  folder: string,
): Promise<ChangedFile[]> {
  const top = (await git(['rev-parse', '--show-toplevel'], folder)).trim();
  const between = to === undefined ? [from] : [from, to];
  const listed = await git(
    ['diff', '--name-status', '--find-renames', '--ignore-submodules', '-z', ...between, '--', ...paths],
    folder,
  );
  const names = parseNames(listed);
  if (to === undefined) {
    const others = await git(
      ['ls-files', '--others', '--exclude-standard', '--full-name', '-z', '--', ...paths],
      folder,
    );
    for (const path of others.split('\0')) if (path !== '') names.push({ after: path });
  }
  const files: ChangedFile[] = [];
  for (const { before, after } of names) {
    const path = after ?? before ?? '';
    if (!/\.(json|ya?ml|template)$/i.test(path)) continue;
    const [old, now] = [
      before && (await contentOf(from, before, top)),
      after && (await (to === undefined ? fileOf(join(top, after)) : contentOf(to, after, top))),
    ];
    files.push({
      path,
      ...(old === undefined || old === '' ? {} : { before: old }),
      ...(now === undefined || now === '' ? {} : { after: now }),
    });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

type Names = { readonly before?: string; readonly after?: string };

/** `M\0path\0`, `A\0path\0`, `R087\0old\0new\0`. Source: git-diff manual, "RAW OUTPUT FORMAT" with `-z`. */
function parseNames(listed: string): Names[] {
  const words = listed.split('\0');
  const names: Names[] = [];
  for (let at = 0; at + 1 < words.length; ) {
    const status = words[at++]?.[0];
    const first = words[at++] ?? '';
    if (status === 'R') names.push({ before: first, after: words[at++] ?? '' });
    // A copy leaves its source as it was.
    else if (status === 'C') names.push({ after: words[at++] ?? '' });
    else if (status === 'A') names.push({ after: first });
    else if (status === 'D') names.push({ before: first });
    else names.push({ before: first, after: first });
  }
  return names;
}

async function commitOf(name: string, folder: string): Promise<string> {
  const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  return (await git(asked, folder, `\`${name}\` is no commit here; name one, or fetch it first`)).trim();
}

async function contentOf(commit: string, path: string, top: string): Promise<string | undefined> {
  const object = `${commit}:${path}`;
  const size = Number(await git(['cat-file', '-s', object], top));
  return size > MAX_BYTES ? undefined : git(['cat-file', 'blob', object], top);
}

async function fileOf(path: string): Promise<string | undefined> {
  const found = await stat(path);
  return found.isFile() && found.size <= MAX_BYTES ? readFile(path, 'utf8') : undefined;
}

/** Returns what git prints. `quiet`: what to tell the person where git refuses without a word. */
async function git(args: readonly string[], folder: string, quiet?: string): Promise<string> {
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
          message: `\`${folder}\` is in no git repository; run \`ratchet diff\` in one that holds the policies`,
        },
      ]);
    if (said === '')
      throw new InputError([{ message: quiet ?? `\`git ${args[0]}\` failed and did not say why` }]);
    throw new InputError([{ source: 'git', message: said.split('\n')[0]?.replace(/^fatal: /, '') ?? said }]);
  }
}
