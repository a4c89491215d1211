/** The law of what a finished restore leaves, and of what else it takes; see `laws.ts`. */
import type { Request } from '../../shared/evaluator/request.ts';
import type { Finding } from '../../shared/findings/finding.ts';
import type { Snapshot, TargetPart, TargetRef } from '../../shared/targets/target.ts';
import { TARGETS } from './changes.ts';
import {
  addedBy,
  additionsOf,
  contentsOf,
  findingsOn,
  grants,
  heldAt,
  heldOf,
  isTold,
  type Law,
  takesOld,
} from './evidence.ts';
import type { Played } from './history.ts';
import { newlyGranted } from './vocabulary.ts';
import { type GuardWrite, type Held, keyOf } from './witness.ts';
import { begunAt, isRead, restoresOf, SECOND } from './writeLaws.ts';

export const removes: Law = {
  numbers: [5],
  name: 'after a finished restore nothing of what it was for is granted, but what reads had shown, and nothing else went, unless the finding says so',
  needs: 'state',
  breaches: (played) =>
    TARGETS.flatMap((target) =>
      restoresOf(played, target).flatMap((writes) => {
        const finished = finishedOf(played, target, writes);
        if (finished === undefined) return [];
        const [left] = leftBy(played, finished);
        const [lost] = finished.findings.some(takesOld) ? [] : lostBy(played, finished);
        const where = `${keyOf(target)} at ${new Date(finished.endedAt).toISOString()}`;
        return [
          ...(left === undefined ? [] : [`${where} left ${JSON.stringify(left)}`]),
          ...(lost === undefined ? [] : [`${where} took ${JSON.stringify(lost)}`]),
        ];
      }),
    ),
};

type Finished = {
  readonly target: TargetRef;
  readonly endedAt: number;
  /** What AWS held before the first call and after the last. */
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly held: readonly Held[];
  /** What it was for, as kept last. */
  readonly findings: readonly Finding[];
  /** The same as they were when it was begun: they may tell more since. */
  readonly claimed: readonly Finding[];
};

/** The restore, if it is finished and nobody came between. */
function finishedOf(
  played: Played,
  target: TargetRef,
  writes: ReturnType<typeof restoresOf>[number],
): Finished | undefined {
  const { witness } = played.world;
  const [first, last] = [writes[0], writes.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const findings = (first.state?.claim?.findingIds ?? []).flatMap((id) => witness.findings.get(id) ?? []);
  const held = heldOf(played, target);
  const before = held.findLast(({ at, by }) => at < first.at || (at === first.at && by !== 'guard'));
  const after = held.findLast(({ at, by }) => at <= last.at && by === 'guard');
  // It was decided on what was known when it was claimed: a change since, or an event that tells more, is of the next.
  const begun = Math.min(first.readAt - played.world.lagMs, begunAt(played, first.at).claimedAt);
  const isWithin = (time: number) => time > begun && time <= last.at;
  // Nor is it finished if somebody changed the target before the guard read the result.
  const looked = Math.min(...readsOf(played, target).filter((time) => time > last.at));
  const isDisturbed = held.some(
    ({ at, by, eventId }) =>
      by !== 'guard' &&
      ((at > begun && at <= looked) || (at <= last.at && isWithin(witness.handled.get(eventId) ?? 0))),
  );
  const isFinished = findings.every(({ action }) => action.kind === 'done') && !isGoneOnWith(played, last);
  if (!isFinished || before === undefined || after === undefined || isDisturbed) return undefined;
  if (![before, after].every(isRead)) return undefined;
  return {
    target,
    endedAt: last.at,
    before: before.snapshot,
    after: after.snapshot,
    held,
    findings,
    claimed: first.state?.openFindings.filter(({ id }) => findings.some((one) => one.id === id)) ?? [],
  };
}

/** True iff the next restore of one of the findings goes on with this one, of which the guard knows that it ended early. */
function isGoneOnWith(played: Played, { at, target, state }: GuardWrite): boolean {
  const ids = state?.claim?.findingIds ?? [];
  const next = restoresOf(played, target)
    .flatMap((writes) => writes.slice(0, 1))
    .find((first) => first.at > at && first.state?.claim?.findingIds.some((id) => ids.includes(id)));
  const resumed = next?.state?.openFindings.filter(({ id }) => ids.includes(id)) ?? [];
  return resumed.some(({ action }) => action.kind === 'partial' || Date.parse(action.at) < at);
}

/** Of what the findings told, what is granted still and must not be. */
function leftBy(played: Played, finished: Finished): readonly Request[] {
  const { target, endedAt, after, held, findings, claimed } = finished;
  if (isInitialOnly([...claimed, ...findings])) return [];
  const isExempt = ({ by }: Held) => by === 'deployer' || by === 'emergency';
  // What an exempt role wrote beside it grants what it grants.
  const isSparedIn = (id: string, statement: string) => {
    const holds = (each: Held | undefined) => each !== undefined && holdsStatement(each, id, statement);
    const made = held.findLast((each, index) => each.at <= endedAt && holds(each) && !holds(held[index - 1]));
    // Whoever writes again what stands wants it to stand.
    const isAgain = (each: Held, index: number) =>
      isExempt(each) &&
      each.at <= endedAt &&
      each.snapshot.contentHash === held[index - 1]?.snapshot.contentHash;
    return (
      made !== undefined &&
      (isExempt(made) || held.some((each, index) => index > held.indexOf(made) && isAgain(each, index)))
    );
  };
  const spared = after.parts.map((part) =>
    part.role === 'boundary' ? part : withStatements(part, (one) => isSparedIn(part.id, one)),
  );
  // Nor does a limit come back that an exempt role took away.
  const limits = held.flatMap((each, index) => {
    const stood = held[index - 1]?.snapshot.parts ?? [];
    return isExempt(each) && each.at <= endedAt
      ? stood.filter((part) => !holdsPart(each.snapshot, part))
      : [];
  });
  const isLimited = (request: Request) =>
    limits.some((limit) => !grants({ parts: [...after.parts, limit] }, request));
  // That it was away meanwhile is the word of an event alone, and the finding said that it stays.
  const keeps = [...claimed, ...findings].some(({ action }) => action.why.includes('what reads showed'));
  const lastMade = Math.max(...findings.map(madeAt));
  // What an exempt role wrote between the steps may be what the last of them found.
  const isEarlier = (time: number, each: Held, made: number) =>
    time < SECOND + (isExempt(each) ? lastMade : made);
  // What only events tell counts by what it allows: a Deny is never written on the word of an event.
  const allows = ({ snapshot }: Held, request: Request) =>
    allowsOf(snapshot).some((part) => grants({ parts: [part] }, request));
  const wasRead = (request: Request, made: number) =>
    readsOf(played, target).some((time) => {
      const each = heldAt(played, target, time);
      return each !== undefined && isEarlier(time, each, made) && grants(each.snapshot, request);
    }) || held.some((each) => each.isInEvent && isEarlier(each.at, each, made) && allows(each, request));
  return claimed.map(onlyPossible).flatMap((finding) =>
    addedBy(played, finding)
      .map(({ request }) => request)
      .filter(
        (request) =>
          grants(after, request) &&
          !grants({ parts: spared }, request) &&
          !isLimited(request) &&
          !(keeps && wasRead(request, madeAt(finding))),
      ),
  );
}

/** What else went, and nothing explains. */
function lostBy(played: Played, finished: Finished): readonly Request[] {
  const { target, endedAt, before, after, held, findings, claimed } = finished;
  // What somebody added, and a finding tells, may go with it: an attached policy goes with all that it says by now.
  const told = findingsOn(played, target);
  // What was there all the time nobody added: that it was away is the word of an event alone.
  const isOld = (request: Request) =>
    findings.every(({ change }) => change === undefined) &&
    held.every(
      ({ snapshot, at, by }, index) =>
        at >= endedAt || (by === 'start' && held[index + 1]?.by === 'start') || grants(snapshot, request),
    );
  // A part of the steps is restored whole: what it alone grants by now goes with it, whoever woke it.
  const restored = claimed.map((finding) => withoutStep(played, finding, finished));
  const isOfStep = (request: Request) => restored.some((parts) => !grants({ parts }, request));
  return newlyGranted(after, before).filter(
    (request) => !(isTold(played, told, request) || isOfStep(request)) || isOld(request),
  );
}

/**
 * What AWS held, with the parts of the finding's step as they were before it. Whoever woke the access may be exempt: then
 * what carries it went alone.
 */
function withoutStep(played: Played, finding: Finding, { before, after }: Finished): readonly TargetPart[] {
  const touched = finding.step?.parts ?? [];
  const isTouched = ({ id }: TargetPart) => touched.includes(id);
  const carrying = additionsOf(finding).flatMap(({ sources = [] }) => sources);
  const isCarrierGone = (part: TargetPart) =>
    !isTouched(part) && carrying.includes(part.id) && !holdsPart(after, part);
  if (finding.carriers !== undefined && before.parts.some(isCarrierGone))
    return before.parts.filter((part) => !isCarrierGone(part));
  const [was] = additionsOf(finding).map((one) => contentsOf(played, one, finding.target).before);
  return [...before.parts.filter((part) => !isTouched(part)), ...(was?.parts.filter(isTouched) ?? [])];
}

function readsOf({ world: { witness } }: Played, target: TargetRef): readonly number[] {
  return [...(witness.reads.get(keyOf(target)) ?? [])];
}

/** What no documented call of AWS could use is told, and left. */
function onlyPossible(finding: Finding): Finding {
  const { additions = [] } = finding;
  return { ...finding, additions: additions.filter(({ possible }) => possible) };
}

const madeAt = ({ step }: Finding) => Date.parse(step?.at ?? '');

/** What a new target was made with is left, but for the gravest. */
function isInitialOnly(findings: readonly Finding[]): boolean {
  return findings.some(({ additions = [] }) => additions.some(({ isInitial }) => isInitial === true));
}

/** The content's parts, each with the statements that allow alone. */
function allowsOf({ parts }: Snapshot): readonly TargetPart[] {
  return parts
    .filter(({ role }) => role !== 'boundary')
    .map((part) => withStatements(part, (one) => (JSON.parse(one) as { Effect: string }).Effect === 'Allow'));
}

/** The part with those of its statements alone, each asked about as its text. */
function withStatements(part: TargetPart, isKept: (statement: string) => boolean): TargetPart {
  const { Statement: _, ...rest } = JSON.parse(part.document ?? '{}');
  const kept = statementsOf(part).filter(isKept);
  return { ...part, document: JSON.stringify({ ...rest, Statement: kept.map((one) => JSON.parse(one)) }) };
}

function statementsOf({ document = '{}' }: TargetPart): readonly string[] {
  const { Statement = [] } = JSON.parse(document);
  return [Statement].flat().map((one) => JSON.stringify(one));
}

function holdsStatement({ snapshot }: Held, id: string, statement: string): boolean {
  return snapshot.parts.some((part) => part.id === id && statementsOf(part).includes(statement));
}

function holdsPart({ parts }: Snapshot, { id, document }: TargetPart): boolean {
  return parts.some((part) => part.id === id && part.document === document);
}
