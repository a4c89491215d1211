/** The laws of what the guard writes; see `laws.ts`. */
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
  show,
  takesOld,
} from './evidence.ts';
import type { Played } from './history.ts';
import { grantsMore, newlyGranted } from './vocabulary.ts';
import { type Held, keyOf } from './witness.ts';

const MAX_ROLLBACKS_PER_HOUR = 3;

/** A read that is so long after every change shows it. */
export const SETTLED_MS = 30_000;

/** Times of events are whole ones. */
export const SECOND = 1_000;

/** Since when a write's restore has been at work: several calls are proved together, against what AWS held before the first. */
function begunAt(
  { world: { witness } }: Played,
  at: number,
): { readonly readAt: number; readonly at: number; readonly claimedAt: number } {
  const write = witness.writes.findLast((one) => one.at <= at);
  const holder = write?.state?.claim?.holder;
  const first =
    holder === undefined ? write : witness.writes.find(({ state }) => state?.claim?.holder === holder);
  const claimedAt = Number(write?.state?.claim?.startedAt ?? at);
  return { readAt: write?.readAt ?? at, at: first?.at ?? at, claimedAt };
}

/** A text that was another target's and went while it was read says nothing. */
function isRead({ snapshot }: Held): boolean {
  return snapshot.parts.every(({ document }) => document !== undefined);
}

/** True iff what the write brought back is another target's text, which somebody changed meanwhile. */
function bringsOther(
  played: Played,
  { at, snapshot }: Held,
  before: Held | undefined,
  since: number,
): boolean {
  return snapshot.parts.some(({ id }) => {
    const [, arn] = /^(?:attached|boundary):(arn:.*)$/.exec(id) ?? [];
    const shared = TARGETS.find((target) => target.kind === 'managed-policy' && target.arn === arn);
    return (
      shared !== undefined &&
      before?.snapshot.parts.every((part) => part.id !== id) === true &&
      heldOf(played, shared).some((one) => one.by !== 'start' && one.at >= since && one.at <= at)
    );
  });
}

export const tightens: Law = {
  numbers: [4],
  needs: 'content',
  name: 'no restore of the guard grants anything that was not granted just before, to anybody',
  breaches: (played) =>
    TARGETS.flatMap((target) => {
      const held = heldOf(played, target);
      return held.flatMap((one, index) => {
        if (one.by !== 'guard') return [];
        const begun = begunAt(played, one.at);
        const since = held.slice(0, index).findLastIndex(({ at, by }) => at < begun.at || by !== 'guard');
        const before = held[since];
        // It changed between the last read and the write, or just before that read, and the guard could not know. Its own
        // restore of a shared policy counts too: that is a write to another target.
        const isOwnDoing = before?.by === 'guard' && before.isOwn;
        const shownUntil = begun.readAt - played.world.lagMs;
        const isUnseen = !isOwnDoing && (before?.at ?? 0) >= shownUntil;
        const isOther = bringsOther(played, one, before, shownUntil);
        if (before === undefined || isUnseen || isOther || ![before, one].every(isRead)) return [];
        return grantsMore(before.snapshot, one.snapshot)
          ? [`${keyOf(target)} grants more since the guard wrote at ${new Date(one.at).toISOString()}`]
          : [];
      });
    }),
};

export const spares: Law = {
  numbers: [7],
  needs: 'content',
  name: 'what the event of an exempt role shows is never taken away',
  breaches: (played) =>
    TARGETS.flatMap((target) => {
      const held = heldOf(played, target);
      return held.flatMap((one, index) => {
        const before = held[index - 1];
        if (one.by !== 'guard' || !one.isOwn || before === undefined) return [];
        const gone = before.snapshot.parts.filter(
          (part) =>
            !one.snapshot.parts.some(({ id, document }) => id === part.id && document === part.document),
        );
        return gone.flatMap(({ id, document }) => {
          const holds = ({ snapshot }: Held) =>
            snapshot.parts.some((part) => part.id === id && part.document === document);
          const made = held
            .slice(0, index)
            .findLast(
              (each, at) => holds(each) && (held[at - 1] === undefined || !holds(held[at - 1] as Held)),
            );
          // Whoever claimed the restore had the event before.
          const isKnown =
            made !== undefined &&
            (played.world.witness.handled.get(made.eventId) ?? Number.POSITIVE_INFINITY) <
              begunAt(played, one.at).claimedAt;
          const isExempt = made?.by === 'deployer' || made?.by === 'emergency';
          return isExempt && made.isOwn && made.isInEvent && isKnown
            ? [`${id} of ${keyOf(target)}, which ${made.by} wrote, was taken away`]
            : [];
        });
      });
    }),
};

export const writesOnce: Law = {
  numbers: [12],
  needs: 'state',
  name: 'no more restores of a target are begun within an hour than the breaker allows, each for proved findings',
  breaches: ({ world: { witness } }) =>
    TARGETS.flatMap((target) => {
      const starts = new Map<string, number>();
      const unproved: string[] = [];
      for (const { state, target: written, operation, at } of witness.writes) {
        if (keyOf(written) !== keyOf(target)) continue;
        const claim = state?.claim;
        const where = `${operation} on ${keyOf(target)} at ${new Date(at).toISOString()}`;
        if (claim === undefined) {
          unproved.push(`${where}: nobody claimed it`);
          continue;
        }
        starts.set(claim.holder, claim.startedAt);
        for (const id of claim.findingIds)
          if (witness.findings.get(id)?.additions?.some(({ result }) => result === 'FAIL') !== true)
            unproved.push(`${where}: on a finding that proves nothing`);
      }
      const times = [...starts.values()].sort((a, b) => a - b);
      const isBurst = times.some(
        (time, index) =>
          (times[index + MAX_ROLLBACKS_PER_HOUR] ?? Number.POSITIVE_INFINITY) < time + 3_600_000,
      );
      return isBurst ? [...unproved, `${keyOf(target)} was rolled back too often within an hour`] : unproved;
    }),
};

/** The writes of each restore on the target, oldest first. */
function restoresOf({ world: { witness } }: Played, target: TargetRef) {
  const restores = new Map<string, (typeof witness.writes)[number][]>();
  for (const write of witness.writes) {
    const claim = write.state?.claim;
    if (keyOf(write.target) !== keyOf(target) || claim === undefined) continue;
    restores.set(claim.holder, [...(restores.get(claim.holder) ?? []), write]);
  }
  return [...restores.values()];
}

/** Returns true iff the content stood between two calls of one restore, which is proved as a whole. */
export function isPassing(played: Played, { at, by, snapshot }: Held): boolean {
  const isWithin = (writes: readonly { readonly at: number }[]) =>
    writes.some((write) => write.at <= at) && writes.some((write) => write.at > at);
  return by === 'guard' && restoresOf(played, snapshot.target).some(isWithin);
}

export const removes: Law = {
  numbers: [5],
  name: 'after a finished restore nothing of what it was for is granted, but what reads had shown, and nothing else went, unless the finding says so',
  needs: 'state',
  breaches: (played) =>
    TARGETS.flatMap((target) =>
      restoresOf(played, target).flatMap((writes) => {
        const [first, last] = [writes[0], writes.at(-1)];
        if (first === undefined || last === undefined) return [];
        const findings = (first.state?.claim?.findingIds ?? []).flatMap(
          (id) => played.world.witness.findings.get(id) ?? [],
        );
        const isFinished = findings.every(({ action }) => action.kind === 'done');
        const held = heldOf(played, target);
        const before = held.findLast(({ at, by }) => at < first.at || (at === first.at && by !== 'guard'));
        const after = held.findLast(({ at, by }) => at <= last.at && by === 'guard');
        // It was decided on what was known when it was claimed: a change since, or an event that tells more, is of the next.
        const { handled } = played.world.witness;
        const begun = Math.min(first.readAt - played.world.lagMs, begunAt(played, first.at).claimedAt);
        const isWithin = (time: number) => time > begun && time <= last.at;
        // Nor is it finished if somebody changed the target before the guard read the result.
        const reads = [...(played.world.witness.reads.get(keyOf(target)) ?? [])];
        const looked = Math.min(...reads.filter((time) => time > last.at));
        const isDisturbed = held.some(
          ({ at, by, eventId }) =>
            by !== 'guard' &&
            ((at > begun && at <= looked) || (at <= last.at && isWithin(handled.get(eventId) ?? 0))),
        );
        if (!isFinished || before === undefined || after === undefined || isDisturbed) return [];
        // What a finding told by then: it may tell more since.
        const claimed =
          first.state?.openFindings.filter(({ id }) => findings.some((one) => one.id === id)) ?? [];
        const region = claimed.flatMap((finding) =>
          addedBy(played, finding).map(({ request }) => ({ request, made: madeAt(finding) })),
        );
        // What an exempt role wrote beside it grants what it grants.
        const isSparedIn = (id: string, statement: string) => {
          const made = held.find((each) => each.at <= last.at && holdsStatement(each, id, statement));
          return made?.by === 'deployer' || made?.by === 'emergency';
        };
        const spared = after.snapshot.parts.map((part) =>
          part.role === 'boundary' ? part : withStatements(part, (one) => isSparedIn(part.id, one)),
        );
        const limits = held.flatMap(({ at, by, snapshot }, index) => {
          const stood = held[index - 1]?.snapshot.parts ?? [];
          const isSpared = (by === 'deployer' || by === 'emergency') && at <= last.at;
          const isThere = ({ id, document }: TargetPart) =>
            snapshot.parts.some((part) => part.id === id && part.document === document);
          return isSpared ? stood.filter((part) => !isThere(part)) : [];
        });
        const isLimited = (request: Request) =>
          limits.some((limit) => !grants({ parts: [...after.snapshot.parts, limit] }, request));
        // That it was away meanwhile is the word of an event alone, and the finding said that it stays.
        const keeps = [...claimed, ...findings].some(({ action }) =>
          action.why.includes('what reads showed'),
        );
        const lastMade = Math.max(...findings.map(madeAt));
        // What an exempt role wrote between the steps may be what the last of them found.
        const isFormer = (time: number, { by }: Held, made: number) =>
          time < SECOND + (by === 'deployer' || by === 'emergency' ? lastMade : made);
        // What only events tell counts by what it allows: a Deny is never written on the word of an event.
        const allows = ({ snapshot }: Held, request: Request) =>
          allowsOf(snapshot).some((part) => grants({ parts: [part] }, request));
        const wasRead = ({ request, made }: (typeof region)[number]) =>
          keeps &&
          (reads.some((time) => {
            const each = heldAt(played, target, time);
            return each !== undefined && isFormer(time, each, made) && grants(each.snapshot, request);
          }) ||
            held.some((each) => each.isInEvent && isFormer(each.at, each, made) && allows(each, request)));
        const left = region.filter(
          (added) =>
            grants(after.snapshot, added.request) &&
            !grants({ parts: spared }, added.request) &&
            !isLimited(added.request) &&
            !wasRead(added) &&
            !isInitialOnly([...claimed, ...findings]),
        );
        const says = findings.some(takesOld);
        // What somebody added, and a finding tells, may go with it: an attached policy goes with all that it says by now.
        const told = findingsOn(played, target);
        // What was there all the time nobody added: that it was away is the word of an event alone.
        const isOld = (request: Request) =>
          findings.every(({ change }) => change === undefined) &&
          held.every(
            ({ snapshot, at, by }, index) =>
              at >= last.at ||
              (by === 'start' && held[index + 1]?.by === 'start') ||
              grants(snapshot, request),
          );
        // A part of the steps is restored whole: what it alone grants by now goes with it, whoever woke it.
        const restored = claimed.map((finding) => withoutStep(played, finding, before.snapshot));
        const isOfStep = (request: Request) => restored.some((parts) => !grants({ parts }, request));
        const lost = newlyGranted(after.snapshot, before.snapshot).filter(
          (request) => !(isTold(played, told, request) || isOfStep(request)) || isOld(request),
        );
        const where = `${keyOf(target)} at ${new Date(last.at).toISOString()}`;
        return [
          ...left.slice(0, 1).map(({ request }) => `${where} left ${JSON.stringify(request)}`),
          ...(says ? [] : lost.slice(0, 1).map((request) => `${where} took ${JSON.stringify(request)}`)),
        ];
      }),
    ),
};

/**
 * What AWS held, with the parts of the finding's step as they were before it. Whoever woke it may be exempt: then what
 * carries it went alone.
 */
function withoutStep(played: Played, finding: Finding, held: Snapshot): readonly TargetPart[] {
  const touched = finding.step?.parts ?? [];
  const carrying = additionsOf(finding).flatMap(({ sources = [] }) => sources);
  if (finding.carriers !== undefined)
    return held.parts.filter(({ id }) => touched.includes(id) || !carrying.includes(id));
  const isTouched = ({ id }: TargetPart) => touched.includes(id);
  const before = additionsOf(finding).map((addition) => contentsOf(played, addition, finding.target).before);
  return [...held.parts.filter((part) => !isTouched(part)), ...(before[0]?.parts ?? []).filter(isTouched)];
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

const madeAt = ({ step }: Finding) => Date.parse(step?.at ?? '');

/** What a new target was made with is left, but for the gravest. */
function isInitialOnly(findings: readonly Finding[]): boolean {
  return findings.some(({ additions = [] }) => additions.some(({ isInitial }) => isInitial === true));
}

export const writesAlone: Law = {
  numbers: [12],
  name: 'no restore of a target begins before the one before it has ended',
  needs: 'state',
  breaches: (played) =>
    TARGETS.flatMap((target) => {
      const spans = restoresOf(played, target)
        .map((writes) => ({ from: writes[0]?.at ?? 0, to: writes.at(-1)?.at ?? 0 }))
        .toSorted((a, b) => a.from - b.from);
      return spans.some(({ from }, index) => from < (spans[index - 1]?.to ?? 0))
        ? [`${keyOf(target)}: two restores wrote at once`]
        : [];
    }),
};

/** A run waits for reads to settle, seven seconds in all. */
const RUN_MS = 15_000;

export const settingsStartNothing: Law = {
  numbers: [8],
  name: 'a changed setting starts no restore',
  needs: 'state',
  breaches: (played) =>
    TARGETS.flatMap((target) => {
      const { witness } = played.world;
      const reads = [...(witness.reads.get(keyOf(target)) ?? [])];
      return restoresOf(played, target).flatMap((writes) => {
        const [first] = writes;
        const ids = first?.state?.claim?.findingIds ?? [];
        return ids.flatMap((id) => {
          const finding = first?.state?.openFindings.find((one) => one.id === id);
          const begun = first?.state?.claim?.startedAt;
          if (first === undefined || finding === undefined || begun === undefined) return [];
          const opened = Date.parse(finding.openedAt);
          const where = `${keyOf(target)} at ${new Date(first.at).toISOString()}: for ${show(finding)}`;
          // A run keeps the settings that it began with. A finding that waited is restored if no read came while it was off.
          const wasSeenOff = witness.settings.some((on, index) => {
            const from = witness.settings[index - 1]?.at ?? 0;
            if (!on.restores || on.at > begun || opened >= on.at) return false;
            const isWaiting = opened < from + RUN_MS;
            return !isWaiting || reads.some((at) => at > Math.max(opened, from) && at < on.at);
          });
          if (wasSeenOff) return [where];
          const changed = witness.settings.findLast(({ at }) => at <= opened);
          if (changed === undefined) return [];
          const known = reads.filter((at) => at < changed.at).reduce((a, b) => Math.max(a, b), 0);
          const isMoved = heldOf(played, target).some(
            ({ at, by }) => by !== 'start' && at > known - SETTLED_MS - played.world.lagMs && at <= first.at,
          );
          return isMoved ? [] : [where];
        });
      });
    }),
};

export const actsOnTruth: Law = {
  numbers: [11],
  name: 'nothing is written for what no content ever granted',
  needs: 'state',
  breaches: (played) =>
    TARGETS.flatMap((target) =>
      restoresOf(played, target).flatMap(([first]) => {
        const { openFindings = [], claim } = first?.state ?? {};
        const claimed = openFindings.filter(({ id }) => claim?.findingIds.includes(id) === true);
        const held = heldOf(played, target);
        return claimed.flatMap((finding) => {
          const region = addedBy(played, finding);
          const isTrue = held.some(({ snapshot }) => region.some(({ request }) => grants(snapshot, request)));
          return region.length === 0 || isTrue ? [] : [`${keyOf(target)}: ${show(finding)}`];
        });
      }),
    ),
};
