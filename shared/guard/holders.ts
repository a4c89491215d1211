/** Who holds a text that changed: a change of it is a step of each of them as well. */

import type { Change } from '../changes/change.ts';
import { parseArn } from '../policy/arn.ts';
import type { TargetRef } from '../targets/target.ts';
import type { GuardDependencies } from './contract.ts';

/** More holders than this are read by the next sweep. */
const MAX_HOLDERS = 50;

type SharedChange = {
  readonly target: TargetRef;
  readonly change: Change;
  /** Which of the change's targets. */
  readonly index: number;
};

/**
 * Returns the principals that hold the text, directly or through a group; none for a target that nobody shares. That AWS
 * does not name them is logged: the sweep reads them.
 */
export async function holdersOf(
  shared: SharedChange,
  dependencies: GuardDependencies,
): Promise<readonly TargetRef[]> {
  const { target, change, index } = shared;
  const touches = change.edits[index]?.touches ?? [];
  if (touches.length === 0) return [];
  const holders: TargetRef[] = [];
  const asked = [target];
  for (const one of asked) {
    for (const holder of await directHolders(one, dependencies)) {
      if ([...holders, target].some(({ arn }) => arn === holder.arn)) continue;
      if (holders.length >= MAX_HOLDERS) {
        dependencies.logger.warn('more principals hold a text than are looked at now', {
          target: target.arn,
        });
        return holders;
      }
      holders.push(holder);
      if (holder.arn.includes(':group/')) asked.push(holder);
    }
  }
  return holders;
}

async function directHolders(
  target: TargetRef,
  { adapters, clientsFor, logger }: GuardDependencies,
): Promise<TargetRef[]> {
  const adapter = adapters[target.kind];
  if (adapter.reaches === undefined) return [];
  try {
    const reached = await adapter.reaches(target, clientsFor(target));
    const names = reached === undefined ? [] : [...reached.attachedTo.names, ...reached.boundaryOf.names];
    const root = parseArn(target.arn).head;
    return names.map((name) => ({
      ...target,
      kind: 'iam-principal',
      arn: `${root}:${name.replace(' ', '/')}`,
    }));
  } catch (error) {
    logger.warn('whom a policy reaches could not be read', { target: target.arn, error });
    return [];
  }
}
