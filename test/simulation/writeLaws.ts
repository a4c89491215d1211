import type { TargetRef } from '../../shared/targets/target.ts';
import { TARGETS } from './changes.ts';
import { addedBy, grants, heldOf, type Law, show } from './evidence.ts';
import type { Played } from './history.ts';
import { grantsMore } from './vocabulary.ts';
import { type Held, keyOf } from './witness.ts';

const MAX_ROLLBACKS_PER_HOUR = 3;

/** A read that is so long after every change shows it. */
export const SETTLED_MS = 30_000;

/** Times of events are whole ones. */
export const SECOND = 1_000;

/** Returns since when a write's restore has been at work: several calls are proved together, against what AWS held before the first. */
export function begunAt(
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

/** Returns false iff a text is not known: another target's, that went while it was read. It says nothing. */
export function isRead({ snapshot }: Held): boolean {
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
      const resets = witness.closings.flatMap(({ finding, at }) =>
        finding.check === 'rollback-breaker' &&
        finding.status === 'APPROVED' &&
        keyOf(finding.target) === keyOf(target)
          ? [at]
          : [],
      );
      const isBurst = times.some((time, index) => {
        const last = times[index + MAX_ROLLBACKS_PER_HOUR] ?? Number.POSITIVE_INFINITY;
        // A person may have said that it goes on.
        return last < time + 3_600_000 && !resets.some((at) => at >= time && at <= last);
      });
      return isBurst ? [...unproved, `${keyOf(target)} was rolled back too often within an hour`] : unproved;
    }),
};

/** Returns the writes of each restore on the target, oldest first. */
export function restoresOf({ world: { witness } }: Played, target: TargetRef) {
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

/** A run waits for reads to settle, seven seconds in all; a turn of the sweep looks at every target. */
const RUN_MS = 60_000;

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
