/** What holds of every history. Each law returns its breaches, one sentence each. */
import { evaluatePolicySet } from '../../shared/evaluator/evaluate.ts';
import type { Finding } from '../../shared/findings/finding.ts';
import { toleratedVersions } from '../../shared/guard/tolerate.ts';
import type { Snapshot, TargetRef } from '../../shared/targets/target.ts';
import { TARGETS } from './changes.ts';
import type { Played } from './history.ts';
import { grantsMore, toSet } from './vocabulary.ts';
import { type Accepted, type Held, keyOf, latest } from './witness.ts';

const MAX_ROLLBACKS_PER_HOUR = 3;
/** Times of events are whole ones. */
const SECOND = 1_000;

export type Law = { readonly name: string; readonly breaches: (played: Played) => readonly string[] };

/** The accepted content as it would be read now: what is shared has the text that it has now. */
function asReadNow(accepted: Snapshot, now: Snapshot): Snapshot {
  const current = new Map(now.parts.map((part) => [part.id, part]));
  const groupOf = (id: string) => /^(group:[^/]+)\//.exec(id)?.[1];
  const inBoth = (group: string | undefined) =>
    group !== undefined && current.has(group) && accepted.parts.some(({ id }) => id === group);
  const own = accepted.parts
    .filter(({ id }) => !inBoth(groupOf(id)))
    .map((part) => (/^(attached|boundary):/.test(part.id) ? (current.get(part.id) ?? part) : part));
  return { ...accepted, parts: [...own, ...now.parts.filter(({ id }) => inBoth(groupOf(id)))] };
}

function versionsOf({ world }: Played, target: TargetRef): Accepted[] {
  return world.witness.accepted.get(keyOf(target)) ?? [];
}

/** Made again in the course of the history: then the set-up window makes other rules for a while. */
function wasRemade({ world }: Played, target: TargetRef): boolean {
  const all = world.witness.held.get(keyOf(target)) ?? [];
  const [first] = all;
  return all.some(({ snapshot, at }) => {
    const isNew = snapshot.uniqueId !== first?.snapshot.uniqueId;
    return isNew || (!snapshot.exists && at > (first?.at ?? 0));
  });
}

function findingsOn({ world }: Played, target: TargetRef): Finding[] {
  return [...world.witness.findings.values()].filter(
    (finding) => keyOf(finding.target) === keyOf(target) && finding.result !== 'NOTICE',
  );
}

const show = (finding: Finding) =>
  `${finding.check} ${finding.id.slice(0, 6)} ${finding.status} ${finding.action.kind} (${finding.action.why}; ${finding.statusWhy ?? ''}) ` +
  `of ${finding.liveHash.slice(0, 6)} against ${finding.acceptedHash.slice(0, 6)} by ${finding.change?.actorArn ?? 'nobody'}`;

const tightens: Law = {
  name: 'what is accepted only ever tightens',
  breaches: (played) =>
    TARGETS.filter((target) => !wasRemade(played, target)).flatMap((target) => {
      const versions = versionsOf(played, target);
      return versions.slice(1).flatMap(({ contentHash, snapshotHash, at }, index) => {
        const before = versions[index];
        if (before === undefined || before.contentHash === '' || contentHash === '') return [];
        const now = played.world.kept(snapshotHash);
        if (!grantsMore(asReadNow(played.world.kept(before.snapshotHash), now), now)) return [];
        return [`${keyOf(target)} was accepted with more access at ${new Date(at).toISOString()}`];
      });
    }),
};

/**
 * Must be told: it stood until the guard undid it or for good, or its event holds the whole document and was handled.
 * What a restore overwrote that had read before it was made is not what the guard undid: of the services here Lambda
 * alone compares and sets.
 */
function mustBeTold({ world: { witness } }: Played, target: TargetRef, held: Held): boolean {
  const all = witness.held.get(keyOf(target)) ?? [];
  const next = all[all.indexOf(held) + 1];
  if (next === undefined) return true;
  const isUnseen = witness.writes.some(
    (write) => keyOf(write.target) === keyOf(target) && write.at === next.at && write.readAt <= held.at,
  );
  if (next.by === 'guard' && (!isUnseen || target.kind === 'lambda-function-policy')) return true;
  const holdsAll =
    target.kind !== 'iam-principal' &&
    target.kind !== 'lambda-function-policy' &&
    held.snapshot.parts.length > 0;
  return holdsAll && held.isInEvent && witness.handled.has(held.eventId);
}

/** What a restore had left half-way, made again: nobody can tell it from the restore's own work, which goes on. */
function isLeftover({ world }: Played, target: TargetRef, { at, snapshot }: Held): boolean {
  return (world.witness.held.get(keyOf(target)) ?? []).some(
    (held) => held.by === 'guard' && held.at <= at && held.snapshot.contentHash === snapshot.contentHash,
  );
}

const tellsOnce: Law = {
  name: 'every change that grants more has exactly one finding',
  breaches: (played) =>
    TARGETS.filter((target) => !wasRemade(played, target)).flatMap((target) => {
      const { held } = played.world.witness;
      const findings = findingsOn(played, target);
      const accepted = versionsOf(played, target)
        .filter(({ contentHash }) => contentHash !== '')
        .map(({ snapshotHash }) => played.world.kept(snapshotHash));
      const untold = (held.get(keyOf(target)) ?? []).flatMap((one) => {
        if (one.by === 'start' || one.by === 'guard' || !one.isOwn || !one.snapshot.exists) return [];
        const isMore = accepted.every((version) =>
          grantsMore(asReadNow(version, one.snapshot), one.snapshot),
        );
        if (!isMore || !mustBeTold(played, target, one) || isLeftover(played, target, one)) return [];
        // Or of what a restore that was at work made of it.
        const isTold = ({ liveHash, change }: Finding) =>
          liveHash === one.snapshot.contentHash || change?.eventId === one.eventId;
        if (findings.some(isTold)) return [];
        return [
          `${keyOf(target)}: nothing was told of ${one.snapshot.contentHash.slice(0, 6)}, event ${one.eventId}`,
        ];
      });
      const seen = new Map<string, Finding>();
      const twice = findings.flatMap((finding) => {
        const change = `${finding.acceptedHash} ${finding.liveHash}`;
        const other = seen.get(change);
        seen.set(change, finding);
        return other === undefined
          ? []
          : [`${keyOf(target)}: told twice: ${show(other)} and ${show(finding)}`];
      });
      return [...untold, ...twice];
    }),
};

const tellsTruth: Law = {
  name: 'every witness was granted by what was judged and not by what was accepted',
  breaches: (played) =>
    TARGETS.flatMap((target) => {
      const all = played.world.witness.held.get(keyOf(target)) ?? [];
      const contentOf = (hash: string) => all.find(({ snapshot }) => snapshot.contentHash === hash)?.snapshot;
      return findingsOn(played, target).flatMap((finding) => {
        const live = contentOf(finding.liveHash);
        const accepted = contentOf(finding.acceptedHash);
        const { witness } = finding;
        if (witness === undefined || live === undefined) return [];
        const grants = (content: Snapshot) => evaluatePolicySet(toSet(content.parts), witness).granted;
        const isDenyLost = finding.notes.some((note) => note.includes('may be granted by'));
        const isGranted = isDenyLost || grants(live);
        const wasGranted = accepted !== undefined && grants(asReadNow(accepted, live));
        return isGranted && !wasGranted ? [] : [`${keyOf(target)}: ${show(finding)}`];
      });
    }),
};

const publishes: Law = {
  name: 'every finding was published as it is in the end',
  breaches: ({ world: { witness } }) => {
    // A topic keeps no order: the revision tells which is the last word.
    const told = new Set(witness.published.map(({ id, revision, status }) => `${id} ${revision} ${status}`));
    const kept = [...witness.states.values()].flatMap(({ openFindings, closedFindings }) => [
      ...openFindings,
      ...closedFindings,
    ]);
    return kept
      .filter(
        ({ id, status, revision, publishedRevision }) =>
          publishedRevision !== revision || !told.has(`${id} ${revision} ${status}`),
      )
      .map((finding) => `not published as it is: ${show(finding)}`);
  },
};

const writesRightly: Law = {
  name: 'nothing is written but for a proved and open finding on what AWS holds, by the one who claimed it',
  breaches: (played) => {
    const { witness } = played.world;
    const begun = new Set<string>();
    return witness.writes.flatMap(({ target, before, state, readAt, operation, at }) => {
      const where = `${operation} on ${keyOf(target)} at ${new Date(at).toISOString()}`;
      const claim = state?.claim;
      // The accepted content is back and was seen: what is left of the restore changes nothing, but that it clears a
      // version away that is in force no more.
      const now = witness.held.get(keyOf(target))?.find(({ by, at: made }) => by === 'guard' && made === at);
      const isSame = now?.snapshot.contentHash === before.contentHash;
      if ((isSame || now === undefined) && before.contentHash === state?.accepted?.contentHash) return [];
      const changedMeanwhile = (witness.held.get(keyOf(target)) ?? []).some(
        // The guard itself may be at work on a policy that this one shares.
        ({ by, isOwn, at: made }) => (by !== 'guard' || !isOwn) && made >= readAt && made <= at,
      );
      // A claim ends where another thing has come under the name, which the calls are sent by.
      if (state === undefined || claim?.kind !== 'running')
        return changedMeanwhile ? [] : [`${where}: there is no claim`];
      const isFirst = claim.attempts === 1 && !begun.has(claim.holder);
      begun.add(claim.holder);
      const finding = state.openFindings.find(({ id }) => id === claim.findingId);
      if (finding?.result !== 'FAIL' || finding.status !== 'ACTIVE' || finding.witness === undefined)
        return [`${where}: its finding is not open`];
      // Whether it begins or goes on: the last that anybody else made of it is what the finding is about. A call that
      // changed nothing made nothing.
      const all = (witness.held.get(keyOf(target)) ?? []).filter((held) => held.at < readAt);
      const last = all.findLastIndex(
        ({ by, isOwn, snapshot }, index) =>
          by !== 'guard' && isOwn && all[index - 1]?.snapshot.contentHash !== snapshot.contentHash,
      );
      const theirs = all[last];
      const isShared = all.slice(last).some(({ isOwn }) => !isOwn);
      // Or what the guard's own writes had left of it.
      const isJudged = all
        .slice(last)
        .some(({ snapshot: { contentHash } }) => contentHash === claim.offendingHash);
      const versions = [
        state.accepted && played.world.kept(state.accepted.snapshotHash),
        all.find(({ snapshot }) => snapshot.contentHash === claim.offendingHash)?.snapshot,
      ];
      const isMixed = theirs?.snapshot.parts.every(({ id, document }) =>
        versions.some((version) =>
          version?.parts.some((part) => part.id === id && part.document === document),
        ),
      );
      // Made of nothing but parts of both versions, it is as the restore itself could have left it.
      const isOurs = theirs === undefined || isMixed === true || isLeftover(played, target, theirs);
      if (!isShared && !isJudged && !isOurs)
        return [`${where}: somebody else's change was undone that was not judged`];
      if (!isFirst || changedMeanwhile) return [];
      const isHeld = before.contentHash === claim.offendingHash;
      const isDenyLost = finding.notes.some((note) => note.includes('may be granted by'));
      const isGranted = isDenyLost || evaluatePolicySet(toSet(before.parts), finding.witness).granted;
      return isHeld && isGranted ? [] : [`${where}: what AWS held was not what was judged`];
    });
  },
};

const writesOnce: Law = {
  name: 'one change leads to no write twice, and to no more rollbacks than the breaker allows',
  breaches: ({ world: { witness } }) => {
    const seen = new Set<string>();
    const twice = witness.writes.flatMap(({ target, operation, input, changes }) => {
      const { RevisionId: _, ...what } = input as { RevisionId?: string };
      const write = JSON.stringify([keyOf(target), operation, what, changes]);
      if (seen.has(write)) return [`${operation} on ${keyOf(target)} was done twice`];
      seen.add(write);
      return [];
    });
    const tooMany = TARGETS.flatMap((target) => {
      const starts = new Map<string, number>();
      for (const write of witness.writes) {
        const claim = write.state?.claim;
        if (claim === undefined || keyOf(write.target) !== keyOf(target) || claim.attempts > 1) continue;
        starts.set(claim.holder, Date.parse(claim.startedAt));
      }
      const times = [...starts.values()].sort((a, b) => a - b);
      const isBurst = times.some(
        (time, index) =>
          (times[index + MAX_ROLLBACKS_PER_HOUR] ?? Number.POSITIVE_INFINITY) < time + 3_600_000,
      );
      return isBurst ? [`${keyOf(target)} was rolled back too often within an hour`] : [];
    });
    return [...twice, ...tooMany];
  },
};

const comesToRest: Law = {
  name: 'the guard comes to rest, and every queue is empty',
  breaches: ({ cameToRest, world: { events, rollbacks } }) => [
    ...(cameToRest ? [] : ['the guard goes on changing something']),
    ...(events.waiting() + rollbacks.waiting() === 0 ? [] : ['messages are waiting']),
  ],
};

/** Who may have what they did stand. */
const TOLERATED = new Set<Held['by']>(['deployer', 'emergency']);

/** A restore that nobody could carry out, or that failed or was fought against three times. */
const CANNOT = /only the root user|was tried 3 times/;

/** Nobody else can be told from an event that never came. */
const EXCUSED = /is a deployer|is an emergency role|made it so, whose|left, whose/;

const spares: Law = {
  name: 'what an exempt role made is not undone, not even with what came after it',
  breaches: ({ world: { witness } }) =>
    witness.writes.flatMap(({ target, state, readAt, operation, at }) => {
      const { claim, accepted, tolerated } = state ?? {};
      if (claim === undefined || accepted === undefined || tolerated !== undefined) return [];
      const all = (witness.held.get(keyOf(target)) ?? []).filter((held) => held.at < readAt);
      const isAccepted = ({ snapshot }: Held) => snapshot.contentHash === accepted.contentHash;
      const since = all.slice(all.findLastIndex(isAccepted) + 1).filter(({ isOwn }) => isOwn);
      const spared = since.filter((one, index) => {
        const { at: from, by, eventId, snapshot } = one;
        // A call that changed nothing made nothing.
        const isMade = all[all.indexOf(one) - 1]?.snapshot.contentHash !== snapshot.contentHash;
        // What the guard was done with while AWS held it, and nobody else made as well.
        const next = since
          .slice(index + 1)
          .find(({ snapshot: { contentHash } }) => contentHash !== snapshot.contentHash);
        const until = Math.min(next?.at ?? readAt, Date.parse(claim.startedAt));
        const handled = witness.handled.get(eventId) ?? Number.POSITIVE_INFINITY;
        // A deployer's excuse ends where somebody else had a hand in the same content; an emergency's does not.
        const isTheirs =
          by === 'emergency' ||
          !all.some(
            (held) =>
              held.isOwn &&
              (held.by === 'somebody' || held.by === 'start') &&
              held.at + SECOND > Date.parse(accepted.at) &&
              // Who did it again before it was looked at cannot be told from who did it first.
              (held.at <= from || (held.snapshot.contentHash === snapshot.contentHash && held.at <= handled)),
          );
        return isMade && TOLERATED.has(by) && isTheirs && handled < until && from > Date.parse(accepted.at);
      });
      return spared.map(
        ({ by }) =>
          `${operation} on ${keyOf(target)} at ${new Date(at).toISOString()} undoes what ${by} made as well`,
      );
    }),
};

const endsRightly: Law = {
  name: 'in the end AWS holds what is accepted, or an open finding says why not',
  breaches: (played) =>
    TARGETS.flatMap((target) => {
      const { witness } = played.world;
      const key = keyOf(target);
      const live = latest(witness, target);
      const state = witness.states.get(key);
      if (live === undefined || !live.snapshot.exists)
        return state?.observed === undefined ? [] : [`${key} is gone and remembered as if it were there`];
      const { contentHash } = live.snapshot;
      if (state?.observed?.contentHash !== contentHash) return [`${key}: what it holds was never looked at`];
      const open = state.openFindings.filter(
        ({ liveHash, result }) => liveHash === contentHash && result !== 'NOTICE',
      );
      if (state.claim !== undefined) return [`${key}: a claim is left, ${state.claim.kind}`];
      if (state.accepted?.contentHash === contentHash) return [];
      if (open.length === 0) return [`${key}: holds what is neither accepted nor told`];
      const undecided = open.filter(({ action }) => !['observed', 'declined'].includes(action.kind));
      if (undecided.length > 0) return undecided.map((finding) => `${key}: is left with ${show(finding)}`);
      const isFought = state.openFindings.some(({ check }) => check === 'rollback-breaker');
      const all = witness.held.get(key) ?? [];
      const made = all.findLast(
        ({ snapshot, by, isOwn }, index) =>
          by !== 'guard' && isOwn && all[index - 1]?.snapshot.contentHash !== snapshot.contentHash,
      );
      // A finding on the same content but for shared texts has the author of the one before it.
      const authors = new Set(open.flatMap(({ change }) => change?.eventId ?? []));
      const before = findingsOn(played, target).filter(
        ({ change }) => change !== undefined && authors.has(change.eventId),
      );
      const seenAt = [...open, ...before].map(({ openedAt }) => openedAt);
      // Nobody else can be told from an event that never came, or from one of the second of the first look.
      const isSpared = (held: Held | undefined) =>
        held === undefined ||
        TOLERATED.has(held.by) ||
        !witness.handled.has(held.eventId) ||
        seenAt.some((at) => held.at - (held.at % SECOND) + SECOND > Date.parse(at));
      // What an exempt role made, as it stood when something that it shares had been changed by somebody else; or what
      // the guard made of it without what somebody else did to it. What was tolerated before it was put back in good
      // faith, where the event of what came after is late.
      const isTolerated = toleratedVersions(state.tolerated).some((version) => {
        const makers = all.flatMap(({ snapshot }, index) =>
          snapshot.contentHash === version.contentHash
            ? [all.slice(0, index + 1).findLast(({ isOwn }) => isOwn)]
            : [],
        );
        return (
          (makers.some(isSpared) || makers[0]?.by === 'guard') &&
          !grantsMore(asReadNow(played.world.kept(version.snapshotHash), live.snapshot), live.snapshot)
        );
      });
      // An emergency role had a hand in it, and what it did is not told apart from what else was done by then.
      const acceptedAt = Date.parse(state.accepted?.at ?? '');
      const isEmergency = all.some(
        ({ by, isOwn, at }) => by === 'emergency' && isOwn && at + SECOND > acceptedAt,
      );
      const mayStand =
        isTolerated ||
        (isEmergency && open.some(({ action }) => EXCUSED.test(action.why))) ||
        isFought ||
        state.accepted === undefined ||
        open.some(({ action }) => CANNOT.test(action.why)) ||
        (open.some(({ action }) => EXCUSED.test(action.why)) && isSpared(made));
      return mayStand
        ? []
        : open.map((finding) => `${key}: stands though ${made?.by} made it: ${show(finding)}`);
    }),
};

export const LAWS: readonly Law[] = [
  tightens,
  tellsOnce,
  tellsTruth,
  publishes,
  writesRightly,
  writesOnce,
  comesToRest,
  spares,
  endsRightly,
];

/** Returns every breach of every law. */
export function breachesOf(played: Played): string[] {
  return LAWS.flatMap(({ name, breaches }) => breaches(played).map((breach) => `${name}: ${breach}`));
}
