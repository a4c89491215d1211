/** The trees of a range: commits, what is staged, the files as they lie there. */
import { fileKind } from '../formats/fileKind.ts';
import { decodeText } from './decode.ts';
import { type Content, contentsOf, fileAt, git, type Range } from './git.ts';
import type { Tree, Trees } from './tree.ts';

/** Returns both trees of a range. `close` ends what reads them. */
export async function treesOf(range: Range, folder: string): Promise<Trees & { close(): void }> {
  const top = (await git(['rev-parse', '--show-toplevel'], folder)).trim();
  const contents = contentsOf(top);
  const commit = (id: string): Tree =>
    createTree({
      list: () => git(['ls-tree', '-r', '-z', '--name-only', '--full-tree', id], top),
      read: (path) => contents.read(`${id}:${path}`),
      grep: (patterns) => git([...GREP, ...patterns, id], top, ''),
      prefix: `${id}:`,
    });
  const staged = createTree({
    list: () => git(['ls-files', '-z'], top),
    read: (path) => contents.read(`:0:${path}`),
    grep: (patterns) => git([...GREP, '--cached', ...patterns], top, ''),
  });
  const files = createTree({
    list: () => git(['ls-files', '--cached', '--others', '--exclude-standard', '-z'], top),
    read: (path) => fileAt(top, path),
    grep: (patterns) => git([...GREP, '--untracked', ...patterns], top, ''),
  });
  const after = range.kind === 'staged' ? staged : range.to === undefined ? files : commit(range.to);
  return { before: commit(range.from), after, close: contents.close };
}

/** Whatever attributes and settings say: a file that `-diff` keeps out of sight is read like any other. */
const GREP = ['grep', '-l', '-z', '--text', '--no-color', '--no-recurse-submodules', '--basic-regexp'];

/** What finds the word, in UTF-16 too: there a letter of ASCII is two bytes, and of others it is not asked which. */
function patternsOf(word: string): string[] {
  const letters = word.split('').map((unit) => unit.replace(/[.*[\]\\^$]/, '\\$&'));
  const wide = letters.map((letter) => (/[^\0-\x7f]/.test(letter) ? ANY_BYTE : letter));
  return [letters.join(''), wide.join(ANY_BYTE)];
}

/** A dot is no zero byte. */
const ANY_BYTE = '[^\x7f]';

type Ways = {
  readonly list: () => Promise<string>;
  readonly read: (path: string) => Promise<Content>;
  readonly grep: (patterns: readonly string[]) => Promise<string>;
  /** Before each path that `grep` names. */
  readonly prefix?: string;
};

function createTree({ list, read, grep, prefix = '' }: Ways): Tree {
  let listed: Promise<readonly string[]> | undefined;
  return {
    top: '',
    list() {
      listed ??= list().then(pathsOf);
      return listed;
    },
    async read(path) {
      // The names of objects are read line by line.
      if (path.includes('\n')) return undefined;
      const content = await read(path);
      return content instanceof Uint8Array ? decodeText(content) : undefined;
    },
    async holding(words) {
      if (words.length === 0) return [];
      const found = await grep(words.flatMap(patternsOf).flatMap((pattern) => ['-e', pattern])).catch(
        (error: unknown) => {
          // Nothing found is a failure to git, and it says nothing.
          if (error instanceof Error && error.message === '') return '';
          throw error;
        },
      );
      return pathsOf(found)
        .map((path) => path.slice(prefix.length))
        .filter((path) => fileKind(path) !== 'other');
    },
  };
}

const pathsOf = (listed: string) => listed.split('\0').filter((path) => path !== '');
