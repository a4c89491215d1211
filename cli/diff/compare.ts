/** Two states of many files → what the change grants and what could not be read. */

import { readCommands } from './deployments/commands.ts';
import { compareDeployed } from './deployments/compareDeployed.ts';
import { type Deployed, findDeployed } from './deployments/find.ts';
import { readServerlessFiles } from './deployments/serverless.ts';
import { readTerraformValues } from './deployments/terraform.ts';
import { mergeStated, type Stated } from './entities.ts';
import { stacksIn } from './formats/cloudformation/stack.ts';
import type { Deployment } from './formats/cloudformation/template.ts';
import { type Judged, judgeEntity } from './judge/judgeEntity.ts';
import type { Lists } from './judge/lists.ts';
import { resultOf } from './judge/result.ts';
import { pairEntities } from './pair.ts';
import { type FileStates, type FileTexts, readFile } from './readFile.ts';
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
  const before = stateOf(read, 'before');
  const after = stateOf(read, 'after');
  const alone: Judged[] = [];
  for (const pair of pairEntities(before.entities, after.entities))
    alone.push(...(await judgeEntity(pair, lists)));
  const unread = changedUnread(before.unread, after.unread);
  const found = await findDeployed(files, trees, deployment);
  const judged = withoutNested(alone, found.deployed);
  const told = new Set(unread.map(({ file }) => file));
  const changed = new Set(files.map(({ path }) => path));
  for (const each of found.deployed) {
    const more = await compareDeployed(each, { deployment, lists, changed, judged, unread });
    judged.push(...more.judged);
    unread.push(...more.unread);
  }
  unread.push(...found.unread);
  for (const each of [
    ...(await readTerraformValues(files, trees)),
    ...(await readServerlessFiles(files, trees)),
    ...files.flatMap((file) => readCommands(file, found.read.has(file.path))),
  ])
    if (!told.has(each.file)) unread.push(each);
  // What cannot be read any more may still be there.
  const isLost = ({ file, change }: Judged) =>
    change === 'removed' && unread.some((each) => each.file === file);
  return {
    judged: judged.filter((each) => !isLost(each) || resultOf(each) !== 'PASS'),
    unread,
    isRelevant: found.deployed.length > 0 || read.some((each) => each.isRelevant),
  };
}

/** Files belong together; two plans are two deployments, maybe of two accounts. */
function stateOf(read: readonly FileStates[], side: 'before' | 'after'): Stated {
  const merged = mergeStated(read.flatMap((each) => (each.isPlan === true ? [] : [each[side]])));
  const plans = read.flatMap((each) => (each.isPlan === true ? [each[side]] : []));
  return {
    entities: [...merged.entities, ...plans.flatMap(({ entities }) => entities)],
    unread: [...merged.unread, ...plans.flatMap(({ unread }) => unread)],
  };
}

/** Whose policies a nested template gives, only what deploys it tells: there it is judged. */
function withoutNested(judged: readonly Judged[], deployed: readonly Deployed[]): Judged[] {
  const nested = new Set(
    deployed.flatMap(({ before, after, isSure }) =>
      isSure
        ? [before, after].flatMap((stack) =>
            stack === undefined ? [] : stacksIn(stack).flatMap(({ file, parent }) => (parent ? [file] : [])),
          )
        : [],
    ),
  );
  return judged.filter(({ file, isOpen }) => !isOpen || !nested.has(file));
}
