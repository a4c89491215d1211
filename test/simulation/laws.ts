/**
 * What holds of every history (GUARD.md, section 5, as far as histories can show it). Each law returns its breaches, one
 * sentence each. Access is asked of the evaluator, over requests made from the histories' own vocabulary.
 */
import type { Request } from '../../shared/evaluator/request.ts';
import { type Finding, handsOf } from '../../shared/findings/finding.ts';
import { partDocument } from '../../shared/targets/snapshot.ts';
import type { TargetRef } from '../../shared/targets/target.ts';
import { TARGETS } from './changes.ts';
import {
  addedBy,
  additionsOf,
  contentsOf,
  findingsOn,
  grants,
  grantsWitness,
  heldAt,
  heldOf,
  isTold,
  type Law,
  mayGrant,
  sameLife,
  show,
} from './evidence.ts';
import type { Played } from './history.ts';
import { removes } from './restoreLaw.ts';
import { newlyGranted } from './vocabulary.ts';
import { type Held, keyOf, latest } from './witness.ts';
import {
  actsOnTruth,
  isPassing,
  SECOND,
  SETTLED_MS,
  settingsStartNothing,
  spares,
  tightens,
  writesAlone,
  writesOnce,
} from './writeLaws.ts';

/** One breach at most of each target: the first says enough. */
const ofEach = (breaches: (target: TargetRef) => readonly string[]): readonly string[] =>
  TARGETS.flatMap((target) => breaches(target).slice(0, 1));

/** What the target held when everything was looked at first. */
function startOf(played: Played, target: TargetRef): Held | undefined {
  return heldOf(played, target).findLast(({ by }) => by === 'start');
}

const tellsAll: Law = {
  numbers: [2, 9],
  name: 'whatever is granted in the end and was not at the start is told by a finding that is open',
  needs: 'content',
  breaches: (played) =>
    ofEach((target) => {
      const [first, live] = [startOf(played, target), latest(played.world.witness, target)];
      if (live === undefined || !live.snapshot.exists) return [];
      const before = first === undefined ? { target, parts: [] } : sameLife(played, target, [first, live]);
      const open = findingsOn(played, target).filter(({ status }) =>
        ['ACTIVE', 'SUPPRESSED', 'APPROVED'].includes(status),
      );
      return newlyGranted(before, live.snapshot)
        .filter((request) => !isTold(played, open, request))
        .map((request) => `${keyOf(target)}: nothing tells of ${JSON.stringify(request)}`);
    }),
};

const tellsEach: Law = {
  numbers: [2, 9],
  name: 'whatever a settled read finds granted that the one before did not is told',
  needs: 'state',
  breaches: (played) =>
    ofEach((target) => {
      const changes = heldOf(played, target);
      const settled = [...(played.world.witness.reads.get(keyOf(target)) ?? [])]
        .toSorted((a, b) => a - b)
        .filter((time) => !changes.some(({ at }) => at > time - SETTLED_MS && at <= time))
        .flatMap((time) => heldAt(played, target, time) ?? []);
      const findings = findingsOn(played, target);
      return settled.slice(1).flatMap((now, index) => {
        const before = settled[index];
        if (before === undefined || before === now || !now.snapshot.exists) return [];
        return newlyGranted(sameLife(played, target, [before, now]), now.snapshot)
          .filter((request) => !isTold(played, findings, request))
          .map(
            (request) =>
              `${keyOf(target)} at ${new Date(now.at).toISOString()}: nothing tells of ${JSON.stringify(request)}`,
          );
      });
    }),
};

const tellsTruth: Law = {
  numbers: [3],
  name: 'every witness is granted after its step, and was not before',
  needs: 'content',
  breaches: (played) =>
    TARGETS.flatMap((target) =>
      findingsOn(played, target).flatMap((finding) =>
        additionsOf(finding).flatMap((addition) => {
          const { witness, isBeside, check } = addition;
          if (witness === undefined || isBeside === true || check === 'dormant-access') return [];
          const { before, after, isWhole } = contentsOf(played, addition, target);
          return !isWhole || (grantsWitness(after, witness) && !grantsWitness(before, witness))
            ? []
            : [`${keyOf(target)}: ${show(finding)} shows ${JSON.stringify(witness)}`];
        }),
      ),
    ),
};

/** Reads take a while. */
const READING_MS = 5_000;

const closesOnProof: Law = {
  numbers: [6, 11],
  name: 'no finding is closed, but by a person or as told by others, while what it tells is granted or sleeps',
  needs: 'state',
  breaches: (played) => {
    const { witness } = played.world;
    return witness.closings.flatMap(({ finding, at, readAt, others }) => {
      const { target, status, step } = finding;
      if (status !== 'RESOLVED' && status !== 'ROLLED_BACK') return [];
      const added = addedBy(played, finding);
      // What a read shows of the time before the step says nothing of what the step did. Events tell whole seconds, and
      // a step of which none tells is known by a read that lagged, and was made after the one before.
      const told = step === undefined ? 0 : Date.parse(step.firstAt ?? step.at);
      const reads = [...(witness.reads.get(keyOf(target)) ?? [])].filter((read) => read < told);
      const [earliest, latest] =
        finding.change === undefined
          ? [Math.max(0, ...reads) - played.world.lagMs, told - played.world.lagMs]
          : [told, told + SECOND];
      // What somebody else does in the same second is a step of its own.
      const hands = new Set(handsOf(finding).map(({ eventId }) => eventId));
      const theirs = heldOf(played, target).filter(
        ({ at, eventId }) => at >= earliest && at < latest && (hands.size === 0 || hands.has(eventId)),
      );
      const first =
        theirs.find((held) => added.some(({ request }) => grants(held.snapshot, request))) ??
        (hands.size === 0 ? undefined : theirs.at(-1));
      const made = step === undefined ? 0 : Math.min(first?.at ?? latest, at);
      const from = Math.max(readAt - played.world.lagMs - READING_MS, made);
      const contents = [
        heldAt(played, target, from),
        ...heldOf(played, target).filter((held) => held.at > from && held.at <= at),
      ].filter((held) => held !== undefined);
      // Access that was granted before is told by the step that granted it, unless it was granted all along. What came and
      // went between two reads does not count: it is one step, by everybody who took part in it.
      const beside = [...others, ...findingsOn(played, target).filter(({ id }) => id !== finding.id)];
      const isExplained = finding.statusWhy?.startsWith('its events have arrived') === true;
      const start = startOf(played, target)?.at ?? 0;
      const known = heldOf(played, target).filter(
        (held) =>
          held.by !== 'start' && held.at <= at && !isPassing(played, held) && wasRead(played, target, held),
      );
      const wasGranted = (request: Request) =>
        [heldAt(played, target, start), ...known].every(
          (held) =>
            held &&
            ((held.at < made ? grants : mayGrant)(held.snapshot, request) || isMoved(played, held, request)),
        );
      const region = added.filter(
        ({ request }) => !isExplained || !(isTold(played, beside, request) || wasGranted(request)),
      );
      const leftIn = ({ snapshot }: Held) =>
        region.find(
          ({ request, hasSlept }) => grants(snapshot, request) || (!hasSlept && mayGrant(snapshot, request)),
        );
      const left = contents.at(-1) && contents.every(leftIn) ? leftIn(contents.at(-1) as Held) : undefined;
      const where = `${keyOf(target)} at ${new Date(at).toISOString()}`;
      return left === undefined ? [] : [`${where}: ${show(finding)} left ${JSON.stringify(left.request)}`];
    });
  },
};

/**
 * A read of the guard saw it, or may see it yet. What stood for less than reads lag is in no read that shows what came after
 * it as well.
 */
function wasRead(played: Played, target: TargetRef, held: Held): boolean {
  const { at } = held;
  const all = heldOf(played, target);
  const until = all[all.indexOf(held) + 1]?.at;
  const reads = played.world.witness.reads.get(keyOf(target)) ?? [];
  if (until === undefined) return true;
  return until - at > played.world.lagMs && [...reads].some((read) => read >= at && read < until);
}

/** One hand moved it within a second: it was granted before, and is afterwards, and events tell no order. */
function isMoved(played: Played, held: Held, request: Request): boolean {
  const secondOf = ({ at }: Held) => Math.floor(at / SECOND);
  const within = heldOf(played, held.snapshot.target).filter((one) => secondOf(one) === secondOf(held));
  const last = within.at(-1);
  return (
    last !== undefined && grants(last.snapshot, request) && new Set(within.map(({ by }) => by)).size === 1
  );
}

const closesInTheEnd: Law = {
  numbers: [6],
  name: 'no finding is open in the end when nothing of what it tells is granted or sleeps',
  needs: 'content',
  breaches: (played) =>
    TARGETS.flatMap((target) => {
      const live = latest(played.world.witness, target)?.snapshot;
      return findingsOn(played, target).flatMap((finding) => {
        const additions = additionsOf(finding);
        const isPlain = additions.every(
          ({ result, isBeside, check }) =>
            result === 'FAIL' && isBeside !== true && check !== 'dormant-access',
        );
        if (finding.status !== 'ACTIVE' || additions.length === 0 || !isPlain) return [];
        const region = addedBy(played, finding);
        // Of what lists alone told nobody knows what else it is about.
        if (region.length === 0) return [];
        const isLeft =
          live?.exists === true &&
          (region.some(({ request }) => mayGrant(live, request)) ||
            additions.some(
              ({ witness, left }) =>
                witness !== undefined &&
                [witness, left?.witness ?? witness].some((one) => grantsWitness(live, one)),
            ));
        return isLeft ? [] : [`${keyOf(target)}: ${show(finding)}`];
      });
    }),
};

const publishes: Law = {
  numbers: [13],
  needs: 'content',
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

const comesToRest: Law = {
  numbers: [13],
  needs: 'content',
  name: 'the guard comes to rest, with empty queues, nothing that waits, and every target looked at',
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

const approvesOne: Law = {
  numbers: [8],
  name: 'nothing is approved that no person approved',
  needs: 'content',
  breaches: ({ world: { witness } }) => [
    ...[...witness.findings.values()]
      .filter(({ status, id }) => status === 'APPROVED' && !witness.approved.has(id))
      .map(show),
    ...witness.beside,
  ],
};

/** Of what somebody else loosened, what somebody not exempt had put there to wait for that. */
const profitsNobody: Law = {
  numbers: [7],
  name: 'a deployer’s loosening spares nobody else who profits from it',
  needs: 'state',
  breaches: (played) =>
    TARGETS.flatMap((target) =>
      findingsOn(played, target).flatMap((finding) => {
        const { carriers = [], action, status, step } = finding;
        const hands = handsOf(finding);
        const isSpared = action.kind === 'observed' && action.why.includes('is a deployer');
        if (hands.length === 0 || !isSpared || status !== 'ACTIVE') return [];
        const granting = (finding.additions ?? []).filter(
          ({ now, possible }) => now === 'granted' && possible,
        );
        const sources = granting.flatMap(({ left, sources }) => (left ?? { sources }).sources);
        const isTheirs = (id: string) => {
          const { at = 0, eventId } = lastWriteOf(played, target, id) ?? {};
          const isBefore = at < Date.parse(step?.at ?? '') + SECOND;
          // Whoever approves what waits there approves the part.
          const isApproved = findingsOn(played, target).some(
            ({ status, closedAt = '', step: { parts = [] } = {} }) =>
              status === 'APPROVED' && parts.includes(id) && Date.parse(closedAt) > at,
          );
          if (isApproved) return false;
          return isBefore && carriers.some((one) => !EXEMPT.test(one.actorArn) && one.eventId === eventId);
        };
        const isProfit = sources.some((id) => step?.parts.includes(id) !== true && isTheirs(id));
        return isProfit ? [`${keyOf(target)}: ${show(finding)}`] : [];
      }),
    ),
};

/** Returns the change after which the part was as it is. */
function lastWriteOf(played: Played, target: TargetRef, id: string): Held | undefined {
  const held = heldOf(played, target);
  const documents = held.map(({ snapshot }) => partDocument(snapshot, id));
  return held.findLast((_, index) => documents[index] !== documents[index - 1]);
}

const EXEMPT = /role\/(ci\/deploy|emergency)$/;

const repeatsNothing: Law = {
  numbers: [10, 12],
  name: 'messages that come again when all is told and folded change nothing',
  needs: 'content',
  breaches: ({ again }) => again,
};

const tellsOnce: Law = {
  numbers: [1],
  name: 'no finding is opened again unless something was changed',
  needs: 'content',
  breaches: (played) =>
    TARGETS.flatMap((target) => {
      const changes = heldOf(played, target).filter(({ by }) => by !== 'start').length;
      const settings = played.world.witness.settings.length;
      // A changed setting asks anew about what stands, and about nothing else.
      const isOfSettings = ({ step, versions }: Finding) =>
        step?.isGuess === true && versions?.accepted === undefined;
      return findingsOn(played, target)
        .filter((finding) => finding.occurrences > 1 + changes + (isOfSettings(finding) ? settings : 0))
        .map((finding) => `${keyOf(target)}: ${finding.occurrences} times ${show(finding)}`);
    }),
};

/** Every law. */
export const LAWS: readonly Law[] = [
  tellsAll,
  tellsEach,
  tellsTruth,
  tightens,
  removes,
  closesOnProof,
  closesInTheEnd,
  spares,
  profitsNobody,
  approvesOne,
  settingsStartNothing,
  actsOnTruth,
  repeatsNothing,
  publishes,
  writesOnce,
  writesAlone,
  tellsOnce,
  comesToRest,
];

/** Returns every breach of every law. `needs`: of those alone that need no more. */
export function breachesOf(played: Played, needs: Law['needs'] = 'state'): string[] {
  return LAWS.filter((law) => needs === 'state' || law.needs === 'content').flatMap(
    ({ numbers, name, breaches }) =>
      breaches(played).map((breach) => `law ${numbers.join(' and ')}, ${name}: ${breach}`),
  );
}
