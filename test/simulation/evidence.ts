/** What the laws look at: what AWS held, what was found, and what a finding says was added. */
import { evaluatePolicySet } from '../../shared/evaluator/evaluate.ts';
import type { Request } from '../../shared/evaluator/request.ts';
import type { Addition, Finding } from '../../shared/findings/finding.ts';
import { rootDelegates } from '../../shared/policy/rootDelegates.ts';
import type { Snapshot, TargetRef } from '../../shared/targets/target.ts';
import type { Played } from './history.ts';
import { newlyGranted, toSet } from './vocabulary.ts';
import { type Held, keyOf } from './witness.ts';

export type Law = {
  /** As the design counts its laws. */
  readonly numbers: readonly number[];
  readonly name: string;
  /** `content`: what AWS held and what was published are enough; `state`: what the guard kept is looked at too. */
  readonly needs: 'content' | 'state';
  readonly breaches: (played: Played) => readonly string[];
};

export type Content = Pick<Snapshot, 'target' | 'parts'>;

/** Returns every content that the target had, oldest first. */
export function heldOf({ world }: Played, target: TargetRef): readonly Held[] {
  return world.witness.held.get(keyOf(target)) ?? [];
}

/** Returns what the target held at that time. */
export function heldAt(played: Played, target: TargetRef, time: number): Held | undefined {
  return heldOf(played, target).findLast(({ at }) => at <= time);
}

/** Returns what it held, or nothing where it was made again by the time of the other. */
export function sameLife(played: Played, target: TargetRef, [one, other]: readonly [Held, Held]): Content {
  const held = heldOf(played, target);
  const between = held.slice(held.indexOf(one), held.indexOf(other) + 1);
  const { handled } = played.world.witness;
  // A resource without a unique id is another one iff an event tells of its end.
  const isRemade = between.some(({ snapshot, eventId }) =>
    one.snapshot.uniqueId === undefined
      ? !snapshot.exists && handled.has(eventId)
      : snapshot.uniqueId !== one.snapshot.uniqueId,
  );
  return isRemade || !one.snapshot.exists ? { target, parts: [] } : one.snapshot;
}

/** Returns the findings on the target, as they were kept last. */
export function findingsOn({ world }: Pick<Played, 'world'>, target: TargetRef): readonly Finding[] {
  return [...world.witness.findings.values()].filter((finding) => keyOf(finding.target) === keyOf(target));
}

/** Returns true iff the finding says that its restore takes access that was granted before as well. */
export function takesOld({ action }: Finding): boolean {
  return action.why.includes('granted before');
}

/** Returns the finding in one line. */
export function show({ check, id, status, statusWhy, action, change }: Finding): string {
  return `${check} ${id.slice(0, 6)} ${status} (${statusWhy ?? ''}) ${action.kind} (${action.why}) by ${change?.actorArn ?? 'nobody'}`;
}

/** Returns true iff the content grants the request. */
export function grants({ parts }: Pick<Snapshot, 'parts'>, request: Request): boolean {
  return evaluatePolicySet(toSet(parts), request).granted;
}

/** Returns the same of a witness, in which an Allow for the account of a role's trust is worth what IAM policies allow. */
export function grantsWitness({ target, parts }: Content, witness: Request): boolean {
  const { policies, ...limits } = toSet(parts);
  const understood = policies.map(({ name, policy }) => ({
    name,
    policy: target.kind === 'role-trust' ? rootDelegates(policy, target.accountId) : policy,
  }));
  return evaluatePolicySet({ policies: understood, ...limits }, witness).granted;
}

/** Returns true iff a part of it would grant the request, were it not for the others. */
export function mayGrant(content: Content, request: Request): boolean {
  const granting = content.parts.filter(({ role }) => role !== 'boundary');
  return grants(content, request) || granting.some((part) => grants({ parts: [part] }, request));
}

/** What a finding says was added. Those of the first edition say it of themselves, by the versions that they compared. */
export type Told = Pick<Addition, 'check' | 'result' | 'witness' | 'isBeside' | 'versions'> &
  Partial<Pick<Addition, 'possible' | 'left' | 'sources'>>;

/** Returns what the finding says was added. */
export function additionsOf(finding: Finding): readonly Told[] {
  const { additions, versions, result, check, witness } = finding;
  if (additions !== undefined) return additions;
  if (versions === undefined || (result !== 'FAIL' && result !== 'UNKNOWN')) return [];
  const { accepted, live } = versions;
  return [
    {
      check: check as Told['check'], // A check of contents, as its result says.
      result,
      ...(witness === undefined ? {} : { witness }),
      versions: { ...(accepted === undefined ? {} : { before: accepted }), after: live },
    },
  ];
}

/** Returns the contents that an addition is about, as the guard kept them. `isWhole`: false iff something of them could not be read. */
export function contentsOf({ world }: Played, { versions }: Told, target: TargetRef) {
  const nothing = { target, parts: [] };
  // What went while it was read says nothing.
  const readable = ({ parts }: Content): Content => ({
    target,
    parts: parts.filter(({ document }) => document !== undefined),
  });
  const before = versions.before === undefined ? nothing : world.kept(versions.before);
  const after = world.kept(versions.after);
  const isWhole = [before, after].every(({ parts }) => parts.every(({ document }) => document !== undefined));
  return { before: readable(before), after: readable(after), isWhole };
}

/** Returns true iff one of them says that the request was added, or that nobody can tell. */
export function isTold(played: Played, findings: readonly Finding[], request: Request): boolean {
  return findings.flatMap(additionsOf).some((addition) => {
    if (addition.result === 'UNKNOWN') return true;
    const target = findings[0]?.target;
    if (target === undefined || isOfLists(addition)) return false;
    const { before, after } = contentsOf(played, addition, target);
    // What sleeps under another part's Deny is told as such.
    return (addition.check === 'dormant-access' || grants(after, request)) && !grants(before, request);
  });
}

/** What a list alone found is about the list, and tells of nothing else. The first edition told each question by itself. */
function isOfLists({ check, possible }: Told): boolean {
  return possible !== undefined && check !== 'no-new-access' && check !== 'dormant-access';
}

/** A request that a step added. */
export type Added = {
  readonly request: Request;
  /** It slept before the step: a part granted it, and others stopped it. */
  readonly hasSlept: boolean;
};

/** Returns the requests that the finding's step added, by its own words; none where it compared no two contents. */
export function addedBy(played: Played, finding: Finding): readonly Added[] {
  return additionsOf(finding)
    .filter(
      ({ check, result, isBeside }) => check === 'no-new-access' && result === 'FAIL' && isBeside !== true,
    )
    .flatMap((addition) => {
      const { before, after } = contentsOf(played, addition, finding.target);
      return newlyGranted(before, after).map((request) => ({
        request,
        hasSlept: mayGrant(before, request),
      }));
    });
}
