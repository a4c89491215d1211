/**
 * What did a step add? Asks the engine, decides nothing, remembers nothing. A principal is judged on all its documents
 * together, everything else on its own. Never PASS for what could not be read.
 */

import { atTarget } from '../../checks/atTarget.ts';
import { joined, onlyStops, stops, withoutStops } from '../../checks/stops.ts';
import { rank } from '../../findings/present.ts';
import type { PolicySet } from '../../policy/policySet.ts';
import { toPolicySet } from '../../targets/policySet.ts';
import type { Snapshot } from '../../targets/target.ts';
import type { Step } from '../timeline/place.ts';
import { type Answer, type Asked, toAnswer, unreadable } from './answer.ts';
import { grantsElsewhere } from './elsewhere.ts';
import type { JudgeDependencies } from './judging.ts';
import { meaningOf } from './meaning.ts';
import { questionOf } from './questionOf.ts';
import { withUniqueIds } from './uniqueIds.ts';

type StepRequest = {
  /** Absent snapshot: nothing was there. */
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** What stood under the name until the thing was made again: it is to add nothing to any of them. */
  readonly predecessors?: readonly Snapshot[];
  /** Absent: both contents are known, and compared. */
  readonly basis?: Step['basis'];
  /** Only what this grants as well counts as added: what is left of an earlier step. */
  readonly within?: Snapshot;
};

/** Returns what the step added, the gravest first; none iff it is proved to add nothing. */
export async function judgeStep(
  request: StepRequest,
  dependencies: JudgeDependencies,
): Promise<readonly Answer[]> {
  const { before, after, predecessors = [], basis = 'step', within } = request;
  const now = toPolicySet(after);
  if (now.kind === 'unreadable') return [unreadable(now.causes, after)];
  const then = within && toPolicySet(within);
  const limited = (set: PolicySet): PolicySet =>
    then?.kind === 'set' ? { ...set, boundary: [...(set.boundary ?? []), then.set] } : set;
  const was = toPolicySet(before);
  const read: PolicySet = was.kind === 'set' ? was.set : { policies: [] };
  const known = await withUniqueIds({ before: read, after: now.set }, dependencies.uniqueIdsOf);
  const formerParts = new Set(before.parts.map(({ id }) => id));
  const sets = { before: limited(known), after: limited(now.set), snapshot: after, formerParts, basis };
  const found = await ask(sets, dependencies);
  const answers = found.map((one) => toAnswer(one, { before, after, granted: now.set }, dependencies));
  if (was.kind === 'unreadable' && answers.length > 0) answers.push(unreadable(was.causes, before));
  const isRemade =
    predecessors.length > 0 && answers.length > 0 && (await addsNothing(predecessors, after, dependencies));
  const told = isRemade ? answers.map(asRemade) : answers;
  return told.toSorted((a, b) => rank(b) - rank(a));
}

type Sets = {
  readonly before: PolicySet;
  readonly after: PolicySet;
  readonly snapshot: Snapshot;
  /** Ids of the parts that were there before. */
  readonly formerParts: ReadonlySet<string>;
  readonly basis: Step['basis'];
};

async function ask(sets: Sets, dependencies: JudgeDependencies): Promise<Asked[]> {
  const { engine, config, adapter } = dependencies;
  const { snapshot, formerParts } = sets;
  const isListsOnly = sets.basis === 'lists';
  const { target } = snapshot;
  const [before, after] = [isListsOnly ? { policies: [] } : sets.before, sets.after];
  const found: Asked[] = [];
  const shown = (verdict: Asked['verdict'], pair: Pick<Sets, 'before' | 'after'>): Asked['verdict'] =>
    verdict.result === 'FAIL' && adapter.namesPrincipals
      ? { ...verdict, witness: atTarget(verdict.witness, target.arn, pair) }
      : verdict;
  const remains = async (
    asked: Pick<Asked, 'check' | 'listName' | 'isBeside' | 'beside' | 'meaning'>,
    pair: Pick<Sets, 'before' | 'after'>,
  ) => {
    const verdict = await engine.remains(pair, questionOf(asked, target, dependencies));
    if (verdict.result !== 'PASS') found.push({ ...asked, verdict: shown(verdict, pair) });
  };
  const any = await engine.remains({ before, after });
  if (any.result === 'PASS') {
    if (isListsOnly) return [];
    const elsewhere = grantsElsewhere(target, adapter);
    if (elsewhere !== undefined && stops(before)) {
      const pair = { before: joined(before, elsewhere), after: joined(after, elsewhere) };
      // A block that held nothing back did not matter.
      const isIdle = target.kind === 'bucket-public-access-block' && (await dependencies.isClosedBucket());
      await remains(
        {
          check: 'no-new-access',
          isBeside: true,
          beside: elsewhere.name,
          ...(isIdle ? { meaning: { grade: 'LOW', consequences: [], added: [] } } : {}),
        },
        pair,
      );
    }
    if (stops(after))
      await remains(
        { check: 'dormant-access' },
        { before: withoutStops(before), after: withoutStops(after) },
      );
    return found;
  }
  if (!isListsOnly) {
    const meaning =
      any.result === 'FAIL'
        ? { meaning: await meaningOf({ before, after, snapshot, formerParts }, dependencies) }
        : {};
    found.push({ check: 'no-new-access', verdict: shown(any, { before, after }), ...meaning });
  }
  // A Deny that went counts by itself: else nobody would miss it once the Allow that came with it has gone.
  const elsewhere = isListsOnly ? undefined : grantsElsewhere(target, adapter);
  if (elsewhere !== undefined && stops(before))
    await remains(
      { check: 'no-new-access', isBeside: true, beside: elsewhere.name },
      { before: joined(onlyStops(before), elsewhere), after: joined(onlyStops(after), elsewhere) },
    );
  // Whatever is public, external or listed is new access first, so a PASS above answers these too.
  for (const { name, kinds } of config.criticalAccess)
    if (kinds?.includes(target.kind) ?? true)
      await remains({ check: 'access-not-granted', listName: name }, { before, after });
  if (!adapter.namesPrincipals) return found;
  await remains({ check: 'no-public-access' }, { before, after });
  await remains({ check: 'no-external-access' }, { before, after });
  return found;
}

/** The thing was made again with no more than it had. */
async function addsNothing(
  predecessors: readonly Snapshot[],
  after: Snapshot,
  dependencies: JudgeDependencies,
): Promise<boolean> {
  const is = toPolicySet(after);
  for (const was of predecessors.map(toPolicySet)) {
    if (was.kind !== 'set' || is.kind !== 'set') return false;
    const step = { before: was.set, after: is.set };
    const { result } = await dependencies.engine.remains(
      step,
      { check: 'no-new-access' },
      { resultOnly: true },
    );
    if (result !== 'PASS') return false;
    // A Deny or limit that it had counts as well.
    const sets = { ...step, snapshot: after, formerParts: new Set<string>(), basis: 'step' as const };
    if ((await ask(sets, dependencies)).some(({ check }) => check !== 'dormant-access')) return false;
  }
  return true;
}

function asRemade(answer: Answer): Answer {
  const note = 'recreated: the target was deleted and created again, and grants no more than before';
  return { ...answer, grade: 'INFO', notes: [...answer.notes, note] };
}
