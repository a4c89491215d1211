/** Two states of many files → what the change grants and what could not be read. */

import { readCommands } from './deployments/commands.ts';
import { compareDeployed } from './deployments/compareDeployed.ts';
import { findDeployed } from './deployments/find.ts';
import { readServerlessFiles } from './deployments/serverless.ts';
import { readTerraformValues } from './deployments/terraform.ts';
import { mergeStated } from './entities.ts';
import type { Deployment } from './formats/cloudformation/template.ts';
import { type Judged, judgeEntity } from './judge/judgeEntity.ts';
import type { Lists } from './judge/lists.ts';
import { pairEntities } from './pair.ts';
import { type FileTexts, readFile } from './readFile.ts';
import { changedUnread, type Unread } from './state.ts';
import type { Trees } from './states/tree.ts';

/** What differs, and all files of both states, since what differs may refer to them. */
export type Change = { readonly files: readonly FileTexts[]; readonly trees: Trees };

export type Comparison = {
  readonly judged: readonly Judged[];
  /** What may hold a policy, changed, and cannot be read. */
  readonly unread: readonly Unread[];
  /** True iff a file that could hold a policy changed. */
  readonly isRelevant: boolean;
};

/** Returns the comparison of every file that differs, and of what they deploy or are deployed by. */
export async function compareStates(
  { files, trees }: Change,
  deployment: Deployment,
  lists: Lists,
): Promise<Comparison> {
  const read = files.map((file) => readFile(file, deployment));
  const before = mergeStated(read.map((each) => each.before));
  const after = mergeStated(read.map((each) => each.after));
  const judged: Judged[] = [];
  for (const pair of pairEntities(before.entities, after.entities))
    judged.push(...(await judgeEntity(pair, lists)));
  const unread = changedUnread(before.unread, after.unread);
  const found = await findDeployed(files, trees, deployment);
  const told = new Set(unread.map(({ file }) => file));
  const changed = new Set(files.map(({ path }) => path));
  for (const each of found.deployed) {
    const more = await compareDeployed(each, { deployment, lists, changed, judged, unread });
    judged.push(...more.judged);
    unread.push(...more.unread);
  }
  unread.push(...found.unread);
  for (const each of await readTerraformValues(files, trees)) if (!told.has(each.file)) unread.push(each);
  for (const each of await readServerlessFiles(files, trees)) if (!told.has(each.file)) unread.push(each);
  for (const file of files) unread.push(...readCommands(file, found.read.has(file.path)));
  return {
    judged,
    unread,
    isRelevant: found.deployed.length > 0 || read.some((each) => each.isRelevant),
  };
}
