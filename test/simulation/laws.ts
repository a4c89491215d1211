/**
 * What holds of every history. Each law returns its breaches, one sentence each. Most need nothing but what AWS held and
 * what was published; access is asked of the evaluator, over requests made from the histories' own vocabulary.
 */
import { evaluatePolicySet } from '../../shared/evaluator/evaluate.ts';
import type { Addition, Finding } from '../../shared/findings/finding.ts';
import type { Snapshot, TargetRef } from '../../shared/targets/target.ts';
import { TARGETS } from './changes.ts';
import type { Played } from './history.ts';
import { grantsMore, newlyGranted, toSet } from './vocabulary.ts';
import { type Held, keyOf, latest } from './witness.ts';

const MAX_ROLLBACKS_PER_HOUR = 3;

export type Law = { readonly name: string; readonly breaches: (played: Played) => readonly string[] };

function heldOf({ world }: Played, target: TargetRef): readonly Held[] {
  return world.witness.held.get(keyOf(target)) ?? [];
}

/** What the target held when everything was looked at first; nothing, of one that was made again since. */
function startOf(played: Played, target: TargetRef): Pick<Snapshot, 'target' | 'parts'> {
  const held = heldOf(played, target);
  const first = held.findLast(({ by }) => by === 'start')?.snapshot;
  const since = held.filter(({ by }) => by !== 'start');
  const isRemade = since.some(
    ({ snapshot }) => !snapshot.exists || (first?.exists === true && snapshot.uniqueId !== first.uniqueId),
  );
  return first === undefined || !first.exists || isRemade ? { target, parts: [] } : first;
}

function findingsOn({ world }: Played, target: TargetRef): readonly Finding[] {
  return [...world.witness.findings.values()].filter((finding) => keyOf(finding.target) === keyOf(target));
}

const show = ({ check, id, status, statusWhy, action, change }: Finding) =>
  `${check} ${id.slice(0, 6)} ${status} (${statusWhy ?? ''}) ${action.kind} (${action.why}) by ${change?.actorArn ?? 'nobody'}`;

const grants = ({ parts }: Pick<Snapshot, 'parts'>, request: Parameters<typeof evaluatePolicySet>[1]) =>
  evaluatePolicySet(toSet(parts), request).granted;

/** The contents that an addition tells of, as the guard kept them. */
function contentsOf({ world }: Played, { versions }: Addition, target: TargetRef) {
  const nothing = { target, parts: [] };
  const before = versions.before === undefined ? nothing : world.kept(versions.before);
  return { before, after: world.kept(versions.after) };
}

const tellsAll: Law = {
  name: 'whatever is granted in the end and was not at the start is told by a finding that is open',
  breaches: (played) =>
    TARGETS.flatMap((target) => {
      const live = latest(played.world.witness, target)?.snapshot;
      if (live === undefined || !live.exists) return [];
      const open = findingsOn(played, target).filter(
        ({ status }) => status === 'ACTIVE' || status === 'SUPPRESSED',
      );
      const additions = open.flatMap((finding) => finding.additions ?? []);
      const untold = newlyGranted(startOf(played, target), live).filter(
        (request) =>
          !additions.some((addition) => {
            if (addition.result === 'UNKNOWN') return true;
            const { before, after } = contentsOf(played, addition, target);
            // What sleeps under another part's Deny is told as such.
            return (
              (addition.check === 'dormant-access' || grants(after, request)) && !grants(before, request)
            );
          }),
      );
      const [first] = untold;
      return first === undefined ? [] : [`${keyOf(target)}: nothing tells of ${JSON.stringify(first)}`];
    }),
};

const tellsTruth: Law = {
  name: 'every witness is granted after its step, and was not before',
  breaches: (played) =>
    TARGETS.flatMap((target) =>
      findingsOn(played, target).flatMap((finding) =>
        (finding.additions ?? []).flatMap((addition) => {
          const { witness, isBeside, check } = addition;
          if (witness === undefined || isBeside === true || check === 'dormant-access') return [];
          const { before, after } = contentsOf(played, addition, target);
          return grants(after, witness) && !grants(before, witness)
            ? []
            : [`${keyOf(target)}: ${show(finding)} shows ${JSON.stringify(witness)}`];
        }),
      ),
    ),
};

const tightens: Law = {
  name: 'no write of the guard grants anything that was not granted just before, to anybody',
  breaches: (played) =>
    TARGETS.flatMap((target) => {
      const held = heldOf(played, target);
      return held.flatMap((one, index) => {
        const before = held[index - 1];
        if (one.by !== 'guard' || before === undefined) return [];
        // Somebody changed it between the last read and the write: nobody could know.
        const write = played.world.witness.writes.findLast(({ at }) => at <= one.at);
        if (write !== undefined && before.by !== 'guard' && before.at >= write.readAt) return [];
        return grantsMore(before.snapshot, one.snapshot)
          ? [`${keyOf(target)} grants more since the guard wrote at ${new Date(one.at).toISOString()}`]
          : [];
      });
    }),
};

const spares: Law = {
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
          const isKnown =
            made !== undefined &&
            (played.world.witness.handled.get(made.eventId) ?? Number.POSITIVE_INFINITY) < one.at - 60_000;
          const isExempt = made?.by === 'deployer' || made?.by === 'emergency';
          return isExempt && made.isOwn && made.isInEvent && isKnown
            ? [`${id} of ${keyOf(target)}, which ${made.by} wrote, was taken away`]
            : [];
        });
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

const writesOnce: Law = {
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

const comesToRest: Law = {
  name: 'the guard comes to rest: queues are empty, nothing waits, and what AWS holds was looked at',
  breaches: ({ cameToRest, world: { events, rollbacks, witness } }) => [
    ...(cameToRest ? [] : ['the guard goes on changing something']),
    ...(events.waiting() + rollbacks.waiting() === 0 ? [] : ['messages are waiting']),
    ...TARGETS.flatMap((target) => {
      const live = latest(witness, target)?.snapshot;
      const state = witness.states.get(keyOf(target));
      if (state === undefined) return live?.exists === true ? [`${keyOf(target)} was never looked at`] : [];
      const waiting = state.openFindings.filter(({ action }) =>
        ['waiting', 'planned', 'partial'].includes(action.kind),
      );
      return waiting.map((finding) => `${keyOf(target)}: is left with ${show(finding)}`);
    }),
  ],
};

export const LAWS: readonly Law[] = [
  tellsAll,
  tellsTruth,
  tightens,
  spares,
  publishes,
  writesOnce,
  comesToRest,
];

/** Returns every breach of every law. */
export function breachesOf(played: Played): string[] {
  return LAWS.flatMap(({ name, breaches }) => breaches(played).map((breach) => `${name}: ${breach}`));
}
