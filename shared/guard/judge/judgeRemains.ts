/** What is left of an addition? A finding closes on this proof alone. */
import type { AccessQuestion, Engine } from '../../checks/index.ts';
import { joined, partsAlone, withoutStops } from '../../checks/stops.ts';
import { type Addition, isAtLeast, type Left } from '../../findings/finding.ts';
import type { PolicySet } from '../../policy/policySet.ts';
import { toPolicySet } from '../../targets/policySet.ts';
import type { Snapshot } from '../../targets/target.ts';
import { grantsElsewhere } from './elsewhere.ts';
import { judgeStep } from './judgeStep.ts';
import type { JudgeDependencies } from './judging.ts';
import { questionOf } from './questionOf.ts';

type RemainsRequest = {
  readonly addition: Pick<Addition, 'check' | 'listName' | 'result' | 'isBeside'>;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly live: Snapshot;
};

/**
 * Returns what has become of the addition: some of it is granted, or granted but for another part's Deny or limit
 * (dormant), or neither, or that could not be decided. What was dormant when it was added is so as long as some of it is
 * allowed, whatever Deny or limit is there. A doubt is gone iff the content before is back, nothing is there, or it is
 * proved that nothing remains.
 */
export async function judgeRemains(
  request: RemainsRequest,
  dependencies: JudgeDependencies,
): Promise<Addition['now']> {
  const { addition, before, after, live } = request;
  if (!live.exists || live.contentHash === before.contentHash) return 'gone';
  const [was, then, now] = [toPolicySet(before), toPolicySet(after), toPolicySet(live)];
  if (was.kind !== 'set' || now.kind !== 'set') return 'unknown';
  // What could not be read then may have held anything: only what was there before is known to be none of it.
  const granted = then.kind === 'set' ? then.set : now.set;
  const question = questionOf(addition, live.target, dependencies);
  const { engine, adapter } = dependencies;
  const elsewhere = addition.isBeside === true ? grantsElsewhere(live.target, adapter) : undefined;
  const beside = (set: PolicySet) => (elsewhere === undefined ? set : joined(set, elsewhere));
  const isDormant = addition.check === 'dormant-access';
  const asAsked = isDormant ? withoutStops : beside;
  const step = { before: asAsked(was.set), after: asAsked(granted) };
  const asked = await engine.remains({ ...step, live: asAsked(now.set) }, question, { resultOnly: true });
  if (asked.result === 'FAIL') return isDormant ? 'dormant' : 'granted';
  if (isDormant || elsewhere !== undefined) return asked.result === 'PASS' ? 'gone' : 'unknown';
  return await isLeftInParts({ step, live: now.set, question, isSure: asked.result === 'PASS' }, engine);
}

/** Returns what is told of an addition of which only some is granted; undefined where all of it is, or nobody can tell. */
export async function judgeLeft(
  { addition, before, after, live }: RemainsRequest & { readonly addition: Addition },
  dependencies: JudgeDependencies,
): Promise<Left | undefined> {
  const [then, now] = [toPolicySet(after), toPolicySet(live)];
  if (then.kind !== 'set' || now.kind !== 'set' || addition.isBeside === true) return undefined;
  const gone = { before: now.set, after: then.set };
  const { result } = await dependencies.engine.remains(gone, undefined, { resultOnly: true });
  if (result === 'PASS') return undefined;
  const answers = await judgeStep({ before, after: live, within: after }, dependencies);
  const left = answers.find(
    ({ check, listName, result }) =>
      result === 'FAIL' && check === addition.check && listName === addition.listName,
  );
  if (left === undefined) return undefined;
  const { sources, title, message, witness, statements, removedDenies, notes, consequences, added } = left;
  return {
    // Other facts of the step may have lowered it.
    grade: isAtLeast(left.grade, addition.grade) ? addition.grade : left.grade,
    ...{ sources, title, message, statements, removedDenies, notes },
    ...(witness === undefined ? {} : { witness }),
    ...(consequences === undefined ? {} : { consequences }),
    ...(added === undefined ? {} : { added }),
  };
}

type InParts = {
  readonly step: { readonly before: PolicySet; readonly after: PolicySet };
  readonly live: PolicySet;
  readonly question: AccessQuestion;
  readonly isSure: boolean;
};

async function isLeftInParts(
  { step, live, question, isSure }: InParts,
  engine: Pick<Engine, 'remains'>,
): Promise<Addition['now']> {
  let isKnown = isSure;
  if (live.policies.length > 1 || live.boundary !== undefined) {
    for (const part of partsAlone(live)) {
      const { result } = await engine.remains({ ...step, live: part }, question, { resultOnly: true });
      if (result === 'FAIL') return 'dormant';
      if (result === 'UNKNOWN') isKnown = false;
    }
  }
  return isKnown ? 'gone' : 'unknown';
}
