/** The words of the command line → the files to be compared. */
import { stat } from 'node:fs/promises';
import { InputError } from '../../input/inputError.ts';
import type { Change } from '../compare.ts';
import { isPlan } from '../formats/terraform/plan.ts';
import type { FileTexts } from '../readFile.ts';
import { filesOfFolders, filesOfPair, treesOfFolders } from './folders.ts';
import { changedFiles, contentOfFile, fileOf, isCommit, parseRange, stagedRange } from './git.ts';
import { treesOf } from './gitTree.ts';
import { NO_TREES } from './tree.ts';

/**
 * Returns the files that differ between the two states that the words mean: two folders or files; paths of what is not
 * committed (or staged); or a range and paths within it. A plan that is named counts whatever git knows of it.
 */
export async function chooseFiles(
  words: readonly string[],
  isStaged: boolean,
  folder: string,
): Promise<Change & { close?(): void }> {
  const [first, second] = words;
  if (!isStaged && words.length === 2 && first !== undefined && second !== undefined) {
    const kinds = [await kindOf(first), await kindOf(second)];
    const isPair = kinds[0] === kinds[1] && kinds[0] !== undefined && !(await isCommit(first, folder));
    if (isPair && kinds[0] === 'folder')
      return { files: await filesOfFolders(first, second), trees: await treesOfFolders(first, second) };
    if (isPair) return { files: await filesOfPair(first, second), trees: NO_TREES };
  }
  const isRange =
    !isStaged &&
    first !== undefined &&
    ((await kindOf(first)) === undefined || (await isCommit(first, folder)));
  const paths = isRange ? words.slice(1) : words;
  const { plans, others } = await takePlans(paths);
  if (plans.length > 0 && others.length === 0) return { files: plans, trees: NO_TREES };
  const range = isStaged ? await stagedRange(folder) : await parseRange(isRange ? first : 'HEAD', folder);
  const changed = await changedFiles(range, others, folder);
  const { close, ...trees } = await treesOf(range, folder);
  return { files: [...plans, ...changed], trees, close };
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}

async function takePlans(paths: readonly string[]): Promise<{ plans: FileTexts[]; others: string[] }> {
  const plans: FileTexts[] = [];
  const others: string[] = [];
  for (const path of paths) {
    const file =
      (await kindOf(path)) === 'file' ? fileOf(path, undefined, await contentOfFile(path)) : undefined;
    if (file?.after !== undefined && isPlanText(file.after)) plans.push(file);
    else if (file !== undefined && /\.(tfplan|plan)$/.test(path))
      throw new InputError([
        { source: path, message: 'is a plan in Terraform’s own form; write it with `terraform show -json`' },
      ]);
    else others.push(path);
  }
  return { plans, others };
}

function isPlanText(text: string): boolean {
  if (!/"resource_changes"/.test(text)) return false;
  try {
    return isPlan(JSON.parse(text));
  } catch {
    return false;
  }
}
