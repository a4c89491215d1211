/** Two states that are folders or files, without git: synthesized outputs, checkouts side by side. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileKind } from '../formats/fileKind.ts';
import type { FileTexts } from '../readFile.ts';
import { decodeText } from './decode.ts';
import { type Content, contentOfFile, fileOf, wanted } from './git.ts';
import { type Tree, type Trees, treeOf } from './tree.ts';

const SKIPPED = new Set(['.git', 'node_modules', '.terraform']);

/** Returns the files of the two folders that differ, by their paths below `after`. */
export async function filesOfFolders(before: string, after: string): Promise<FileTexts[]> {
  const [old, now] = [await pathsIn(before), await pathsIn(after)];
  const files: FileTexts[] = [];
  for (const path of [...new Set([...old, ...now])].sort()) {
    const [was, is] = [
      old.has(path) ? wanted(path, await contentIn(before, path)) : undefined,
      now.has(path) ? wanted(path, await contentIn(after, path)) : undefined,
    ];
    if (was === undefined && is === undefined) continue;
    if (was instanceof Uint8Array && is instanceof Uint8Array && Buffer.compare(was, is) === 0) continue;
    files.push({ ...fileOf(join(after, path), was, is), isPair: true });
  }
  return files;
}

/** What is listed and is not there has a name that is no text, or went meanwhile. */
async function contentIn(folder: string, path: string): Promise<Content> {
  return (await contentOfFile(join(folder, path))) ?? 'missing';
}

/** Returns the two files as one that differs. */
export async function filesOfPair(before: string, after: string): Promise<FileTexts[]> {
  return [{ ...fileOf(after, await contentOfFile(before), await contentOfFile(after)), isPair: true }];
}

/** Returns both folders as trees; their paths are those below `after`. */
export async function treesOfFolders(before: string, after: string): Promise<Trees> {
  const top = join(after, 'x').slice(0, -'/x'.length);
  const tree = async (folder: string): Promise<Tree> => {
    const texts = new Map<string, string>();
    for (const path of await pathsIn(folder)) {
      if (fileKind(path) === 'other') continue;
      const content = await contentOfFile(join(folder, path));
      const text = content instanceof Uint8Array ? decodeText(content) : undefined;
      if (text !== undefined) texts.set(join(after, path), text);
    }
    return treeOf(texts, top);
  };
  return { before: await tree(before), after: await tree(after) };
}

async function pathsIn(folder: string): Promise<Set<string>> {
  const found = new Set<string>();
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop())
    for (const entry of await readdir(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (SKIPPED.has(entry.name)) continue;
      const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
      if (target?.isDirectory() === true && !(await isAround(path, next))) pending.push(path);
      else if (target?.isFile() === true) found.add(relative(folder, path));
    }
  return found;
}

/** Returns true iff the folder is one that the path stands in: a link to it has no end. */
async function isAround(path: string, folder: string): Promise<boolean> {
  const [inner, outer] = [await realpath(path), await realpath(folder)];
  return outer === inner || outer.startsWith(`${inner}${sep}`);
}
