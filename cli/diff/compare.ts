/** Two states of many files → what the change grants and what could not be read. */
import { mergeStated } from './entities.ts';
import type { Deployment } from './formats/cloudformation/template.ts';
import { type Judged, judgeEntity } from './judge/judgeEntity.ts';
import type { Lists } from './judge/lists.ts';
import { pairEntities } from './pair.ts';
import { type FileTexts, readFile } from './readFile.ts';
import type { Unread } from './state.ts';

export type Comparison = {
  readonly judged: readonly Judged[];
  /** What may hold a policy, changed, and cannot be read. */
  readonly unread: readonly Unread[];
  /** True iff a file that could hold a policy changed. */
  readonly isRelevant: boolean;
};

/** Returns the comparison of every file that differs. */
export async function compareStates(
  files: readonly FileTexts[],
  deployment: Deployment,
  lists: Lists,
): Promise<Comparison> {
  const read = files.map((file) => readFile(file, deployment));
  const before = mergeStated(read.map((each) => each.before));
  const after = mergeStated(read.map((each) => each.after));
  const judged: Judged[] = [];
  for (const pair of pairEntities(before.entities, after.entities))
    judged.push(...(await judgeEntity(pair, lists)));
  return {
    judged,
    unread: changedUnread(before.unread, after.unread),
    isRelevant: read.some((each) => each.isRelevant),
  };
}

/** What is the same on both sides did not change. */
function changedUnread(before: readonly Unread[], after: readonly Unread[]): Unread[] {
  const keyOf = ({ file, key }: Unread) => `${file} ${key}`;
  const [old, now] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  const named = new Map<string, Unread>();
  for (const one of [
    ...after.filter((each) => !old.has(keyOf(each))),
    ...before.filter((each) => !now.has(keyOf(each))),
  ])
    if (!named.has(`${one.file} ${one.why}`)) named.set(`${one.file} ${one.why}`, one);
  return [...named.values()];
}
