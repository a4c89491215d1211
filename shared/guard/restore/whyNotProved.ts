/** The one proof that stands before every write: no wider than what AWS holds, and without what is to go. */
import type { Restore, RoledPolicy } from '../../checks/index.ts';
import { isAtLeast } from '../../findings/finding.ts';
import { limitsOf } from '../../policy/policySet.ts';
import { asUnderstood, toPolicySet, toRoledPolicies } from '../../targets/policySet.ts';
import { partDocument } from '../../targets/snapshot.ts';
import type { Snapshot } from '../../targets/target.ts';
import { judgeRemains } from '../judge/judgeRemains.ts';
import { judgeStep } from '../judge/judgeStep.ts';
import type { JudgeDependencies } from '../judge/judging.ts';
import { questionOf } from '../judge/questionOf.ts';
import { type Proposing, textOf, type Unwanted } from './removed.ts';

const AS_READ = 'a setting can only be written as it was';

/** Returns why the candidate must not be written, one sentence; undefined iff it is proved that it may. */
export async function whyNotProved(
  candidate: Snapshot,
  proposing: Proposing,
  mayGrantAgain: boolean,
): Promise<string | undefined> {
  const { live, removed, answering, dependencies } = proposing;
  const unwanted = removed.flatMap((one) => one.unwanted);
  const boundaries = candidate.parts.filter(({ role }) => role === 'boundary');
  if (candidate.target.kind === 'iam-principal' && boundaries.length > 1)
    return 'a principal has one permissions boundary, and it would need two';
  if (!isWritable(candidate, proposing)) return AS_READ;
  const [now, next] = [understood(live), understood(candidate)];
  if (now === undefined || next === undefined) return 'a document cannot be read, so nothing can be proved';
  const again = mayGrantAgain ? unwanted.flatMap(({ before }) => understood(before) ?? []) : [];
  const proof = await answering.engine.proveRestore({
    live: [...now, ...again],
    candidate: next,
    removed: unwanted.flatMap((one) => toRemovedStep(one, dependencies)),
    eachDocument: !mayGrantAgain && dependencies.adapter.grantedElsewhere(live.target) !== 'nowhere',
  });
  if (proof.result === 'refuted')
    return `it ${proof.obligation.replace('nothing remains', 'leaves some of what the change added')}: not so`;
  if (proof.result === 'undecided')
    return `whether it ${proof.obligation} could not be decided: ${proof.cause}`;
  for (const { addition, before, after } of unwanted) {
    const left = await judgeRemains({ addition, before, after, live: candidate }, dependencies);
    if (left === 'granted' || left === 'unknown')
      return 'it is not proved that nothing of what the change added remains';
  }
  if (!mayGrantAgain) return undefined;
  const granted = await judgeStep({ before: live, after: candidate }, dependencies);
  const isGrave = granted.some(({ check, grade }) => check !== 'no-new-access' || isAtLeast(grade, 'HIGH'));
  return isGrave ? 'it would grant again what no change may grant' : undefined;
}

/** True iff every setting in it is as AWS holds it, or as it was before one of the steps. */
function isWritable(candidate: Snapshot, { live, removed, without, dependencies }: Proposing): boolean {
  const { adapter } = dependencies;
  if (candidate === without) return true;
  if (adapter.isWrittenAsRead === true && candidate.restoreHints === undefined) return false;
  const known = [live, ...removed.flatMap(({ unwanted }) => unwanted.map(({ before }) => before))];
  return candidate.parts.every(
    (part) =>
      textOf(part, dependencies) !== 'derived' ||
      known.some((one) => partDocument(one, part.id) === part.document),
  );
}

function understood(snapshot: Snapshot): readonly RoledPolicy[] | undefined {
  const policies = toRoledPolicies(snapshot);
  return policies?.map((one) => ({ ...one, policy: asUnderstood(one, snapshot.target) }));
}

function toRemovedStep(
  { addition, before, after }: Unwanted,
  dependencies: JudgeDependencies,
): Restore['removed'] {
  const [was, then] = [toPolicySet(before), toPolicySet(after)];
  // What others grant beside is looked at apart.
  if (was.kind !== 'set' || then.kind !== 'set' || addition.isBeside === true) return [];
  return [{ before: was.set, after: then.set, question: questionOf(addition, before.target, dependencies) }];
}

/** Returns true unless the candidate is proved to grant whatever AWS grants now and did before each of the steps. */
export async function isLosingOld(
  candidate: Snapshot,
  { live, removed, answering: { engine } }: Proposing,
): Promise<boolean> {
  const befores = removed.flatMap(({ unwanted }) => unwanted.map(({ before }) => before));
  const contents = new Map(befores.map((before) => [before.contentHash, before]));
  const read = [candidate, live, ...contents.values()].map(toPolicySet);
  const [next, now, first, ...others] = read.flatMap((one) => (one.kind === 'set' ? [one.set] : []));
  if (next === undefined || now === undefined || first === undefined || others.length + 1 < contents.size)
    return true;
  const old = { policies: first.policies, boundary: [...limitsOf(first), ...others] };
  const limits = { policies: [], boundary: [first, ...others].flatMap(limitsOf) };
  const questions = [
    [{ check: 'no-new-access' }, old],
    [{ check: 'no-lost-limit' }, limits],
  ] as const;
  for (const [question, was] of questions) {
    const { result } = await engine.remains({ before: next, after: now, live: was }, question, {
      resultOnly: true,
    });
    if (result !== 'PASS') return true;
  }
  return false;
}

/** Returns true unless nothing is left of what the steps added to what events alone say was there before them. */
export async function isKeepingRead(
  candidate: Snapshot,
  { removed, dependencies }: Proposing,
): Promise<boolean> {
  for (const { addition, told, after } of removed.flatMap(({ unwanted }) => unwanted)) {
    if (told === undefined) continue;
    const left = await judgeRemains({ addition, before: told, after, live: candidate }, dependencies);
    if (left !== 'gone') return true;
  }
  return false;
}
