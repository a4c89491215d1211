/**
 * Who holds a text that changed: its finding names them, and a change of it is a step of each of them as well. That AWS
 * does not name them is said instead: no finding waits for it, and the sweep reads the holders.
 */
import type { Change } from '../changes/change.ts';
import { describeReached } from '../findings/describeReached.ts';
import type { Finding } from '../findings/finding.ts';
import { parseArn } from '../policy/arn.ts';
import type { Reached, TargetRef } from '../targets/target.ts';
import type { GuardDependencies } from './contract.ts';
import type { TargetState } from './state.ts';

/** More holders than this are read by the next sweep. */
const MAX_HOLDERS = 50;

type Asking = Pick<GuardDependencies, 'adapters' | 'clientsFor' | 'logger'>;

type SharedChange = {
  readonly target: TargetRef;
  readonly change: Change;
  /** Which of the change's targets. */
  readonly index: number;
};

/** Returns the targets that an event names so: the one by its whole ARN, or those that hold what is named. */
export async function targetsOf(
  named: TargetRef,
  { adapters, clientsFor, logger }: Asking,
): Promise<readonly TargetRef[]> {
  const targets = (await adapters[named.kind].resolve?.(named, clientsFor(named))) ?? [named];
  if (targets.length > MAX_HOLDERS)
    logger.warn('an event is about more targets than are looked at now', { target: named.arn });
  return targets.slice(0, MAX_HOLDERS);
}

/** Returns the principals that hold the text, directly or through a group; none for a target that nobody shares. */
export async function holdersOf(
  { target, change, index }: SharedChange,
  asking: Asking,
): Promise<readonly TargetRef[]> {
  const touches = change.edits[index]?.touches ?? [];
  if (touches.length === 0) return [];
  const holders: TargetRef[] = [];
  const asked = [target];
  for (const one of asked) {
    const reached = await reachedBy(one, asking);
    if (reached === undefined || typeof reached === 'string') continue;
    const root = parseArn(one.arn).head;
    for (const name of [...reached.attachedTo.names, ...reached.boundaryOf.names]) {
      const holder = { ...one, kind: 'iam-principal', arn: `${root}:${name.replace(' ', '/')}` } as const;
      if ([...holders, target].some(({ arn }) => arn === holder.arn)) continue;
      if (holders.length >= MAX_HOLDERS) {
        asking.logger.warn('more principals hold a text than are looked at now', { target: target.arn });
        return holders;
      }
      holders.push(holder);
      if (holder.arn.includes(':group/')) asked.push(holder);
    }
  }
  return holders;
}

/**
 * Returns the state, its findings that are new, or tell more than before, with whom the target reaches. AWS is asked only
 * when there is such a finding.
 */
export async function nameReached(
  state: TargetState,
  before: TargetState,
  asking: Asking,
): Promise<TargetState> {
  const { target, openFindings } = state;
  const was = new Map(before.openFindings.map(({ id, additions }) => [id, additions?.length]));
  const isNew = ({ id, additions }: Finding) => additions !== undefined && was.get(id) !== additions.length;
  if (!openFindings.some(isNew)) return state;
  const reached = await reachedBy(target, asking);
  if (reached === undefined) return state;
  const note = typeof reached === 'string' ? reached : describeReached(reached);
  const named = (finding: Finding): Finding => {
    const others = finding.notes.filter((one) => !finding.holders?.includes(one));
    return { ...finding, holders: [note], notes: [...new Set([...others, note])] };
  };
  return {
    ...state,
    openFindings: openFindings.map((finding) => (isNew(finding) ? named(finding) : finding)),
  };
}

/** Undefined: nobody shares the target. A sentence where AWS does not tell. */
async function reachedBy(
  target: TargetRef,
  { adapters, clientsFor, logger }: Asking,
): Promise<Reached | string | undefined> {
  try {
    return await adapters[target.kind].reaches?.(target, clientsFor(target));
  } catch (error) {
    logger.warn('whom a policy reaches could not be read', { target: target.arn, error });
    return `whom it reaches could not be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
