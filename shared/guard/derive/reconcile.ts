/**
 * Findings as derived, and findings as stored → the ledger. What is stored and no longer derived stays: a finding ends
 * only by proof, by a person, or when other open findings tell all of it. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Addition, additionKey, type Finding, handsOf } from '../../findings/finding.ts';
import { present } from '../../findings/present.ts';
import { type Ms, SECOND } from '../timeline/timeline.ts';
import { closeProved, type Proving } from './closeProved.ts';
import { alter, close, type Ledger, open } from './ledger.ts';
import { isToldBy } from './merge.ts';
import { timeOf } from './restoreNeed.ts';

type Reconciling = Proving & {
  /** The read at which the timeline begins: whatever is later was derived again. Undefined: there is none. */
  readonly since: Ms | undefined;
  /** The first settled read that is kept: what its events say of the time before it stays a guess where `since` is undefined. */
  readonly first?: Ms | undefined;
  /** Returns true iff nothing is left of the addition that was not granted whenever AWS was read before that time, since a read that counts. */
  readonly wasGranted: (addition: Addition, at: Ms) => boolean;
};

/** Returns the ledger with every draft in it, and what is proved gone closed. */
export function reconcile(ledger: Ledger, drafts: readonly Finding[], reconciling: Reconciling): Ledger {
  const opened = drafts.reduce((known, draft) => introduce(known, draft, reconciling), ledger);
  return closeProved(supersede(opened, drafts, reconciling), reconciling);
}

function introduce(ledger: Ledger, draft: Finding, reconciling: Reconciling): Ledger {
  const { settled, remains, now } = reconciling;
  const known = ledger.open.find(({ id }) => id === draft.id);
  if (known !== undefined) return explain(ledger, known, draft, reconciling);
  const ended = ledger.closed.find(({ id }) => id === draft.id);
  if ([...ledger.open, ...ledger.closed].some((one) => isToldBy(one, draft, ended))) return ledger;
  if (ended === undefined || ended.status === 'SUPERSEDED') return open(ledger, draft);
  const [made, closed] = [Date.parse(draft.step?.at ?? now), Date.parse(ended.closedAt ?? now)];
  if (ended.status === 'APPROVED' && tellsOfMore(draft, ended)) return open(ledger, draft);
  if (ended.status === 'APPROVED') return made > closed + SECOND ? open(ledger, draft) : ledger;
  // Proved gone since it was made. Should it stand all the same, it is told again.
  const told = new Set(ended.additions?.map(additionKey));
  const isBack =
    settled !== undefined &&
    (draft.additions ?? []).some((one) => {
      const left = remains(one);
      return (
        left === 'granted' || typeof left === 'object' || (!told.has(additionKey(one)) && left !== 'gone')
      );
    });
  // An event of the second in which it was closed may be of before or after.
  const isRepeated = made + SECOND > closed && made > timeOf(ended);
  const isAnew = made > closed || isRepeated;
  return isAnew || isBack ? open(ledger, draft) : recall(ledger, ended, draft, reconciling);
}

/**
 * True iff a late event shows that the step gave access through parts of which the finding told nothing when it was
 * approved, or only what a Deny or limit held back.
 */
function tellsOfMore({ additions = [] }: Finding, { additions: told = [] }: Finding): boolean {
  const isTold = (check: Addition['check'], id: string) =>
    told.some(
      (one) => one.sources.includes(id) && (one.check !== 'dormant-access' || check === 'dormant-access'),
    );
  return additions.some(({ check, sources }) => sources.some((id) => !isTold(check, id)));
}

/**
 * True iff the finding's step was derived again, each time that it was made, on all that is known: it is later than the
 * read at which the timeline begins.
 */
function isDerivedAgain(
  { step, versions }: Finding,
  { since, first = Number.POSITIVE_INFINITY, settled }: Pick<Reconciling, 'since' | 'first' | 'settled'>,
): boolean {
  if (settled === undefined || step === undefined || step.life === '') return false;
  const at = Date.parse(firstOf(step));
  // What the lists alone say of what stands is asked at one time only.
  if (step.isGuess === true && versions?.accepted === undefined) return false;
  if (since === undefined && step.isGuess === true && at <= first) return false;
  return at > (since ?? 0);
}

/** What was a guess is none any more once events have told it. */
function asCertainAs({ step: derived }: Finding, finding: Finding): Finding {
  if (finding.step === undefined || derived?.isGuess === true) return finding;
  const { isGuess: _, ...step } = finding.step;
  return { ...finding, step };
}

/** When the step was made first. */
const firstOf = ({ at, firstAt = at }: FoundStep) => firstAt;

type FoundStep = NonNullable<Finding['step']>;

/** The step as derived, which was made before the timeline begins too. */
function lastMade(known: FoundStep | undefined, derived: FoundStep): FoundStep {
  if (known === undefined) return derived;
  const first = [known, derived].map(firstOf).sort()[0];
  return first === undefined || first === derived.at ? derived : { ...derived, firstAt: first };
}

/**
 * Where a finding was closed before all was known of the change, a late event adds the actor and everything that the step
 * added: other findings may have told part of it, and tell it no longer.
 */
function recall(ledger: Ledger, closed: Finding, draft: Finding, reconciling: Reconciling): Ledger {
  const { now, remains } = reconciling;
  const { additions = [], step = closed.step } = draft;
  const told = new Set(closed.additions?.map(additionKey));
  const isExplained =
    (closed.change === undefined && draft.change !== undefined) ||
    additions.some((one) => !told.has(additionKey(one)));
  const isGone = additions.every((one) => remains(one) === 'gone');
  if (!isExplained || !isGone || !isDerivedAgain(closed, reconciling)) return ledger;
  const gone = additions.map((one) => ({ ...one, now: 'gone' as const }));
  const explained = restated(withoutHands(closed), draft, { additions: gone, step });
  const recalled = { ...explained, updatedAt: now, revision: closed.revision + 1 };
  return { ...ledger, closed: ledger.closed.map((one) => (one === closed ? recalled : one)) };
}

type Restating = {
  readonly additions: readonly Addition[];
  readonly step: Finding['step'] | undefined;
};

/** For a draft that names everybody who did it or carries it. */
function withoutHands({ others: _, carriers: _carriers, ...finding }: Finding): Finding {
  return finding;
}

/** The finding with the contents and the actors of the draft. */
function restated(
  known: Finding,
  { change, others, carriers, acceptedHash, liveHash, versions, undoWith }: Finding,
  { additions, step }: Restating,
): Finding {
  return present({
    ...known,
    additions,
    ...(change === undefined ? {} : { change }),
    ...(others === undefined ? {} : { others }),
    ...(carriers === undefined ? {} : { carriers }),
    ...(step === undefined ? {} : { step }),
    ...(versions === undefined ? {} : { versions }),
    acceptedHash,
    liveHash,
    undoWith,
  });
}

/** A finding that is open gains what is known by now: further hands, further additions; or has what is derived, if that is whole. */
function explain(ledger: Ledger, known: Finding, draft: Finding, reconciling: Reconciling): Ledger {
  const { now } = reconciling;
  const isWhole = isDerivedAgain(asCertainAs(draft, known), reconciling);
  const earlier = known.additions ?? [];
  const stated = new Map(draft.additions?.map((one) => [additionKey(one), one]));
  const kept = earlier
    .filter((one) => !isWhole || stated.has(additionKey(one)))
    .map((one) => (isWhole ? regraded : asAsked)(one, stated.get(additionKey(one))));
  const isRegraded = kept.some((one) => !earlier.includes(one));
  const asTold = new Map(kept.map((one) => [additionKey(one), one]));
  // In the order of their steps: a late event may tell of an earlier one.
  const additions = [
    ...kept.filter((one) => !stated.has(additionKey(one))),
    ...(draft.additions ?? []).map((one) => asTold.get(additionKey(one)) ?? one),
  ];
  const [hands, derived] = [new Set(eventsOf(known)), new Set(eventsOf(draft))];
  const isExplained = [...derived].some((id) => !hands.has(id)) || (isWhole && derived.size < hands.size);
  // A late event of another part may leave it open which of the two came first, or tell.
  const isAsSure = !isWhole || draft.step?.isGuess === known.step?.isGuess;
  const isSame =
    kept.length === earlier.length && additions.length === kept.length && !isRegraded && isAsSure;
  if (isSame && !isExplained) return withEarliest(ledger, known, draft, now);
  const step = isWhole || draft.step === undefined ? draft.step : lastMade(known.step, draft.step);
  const restatement = restated(isWhole ? withoutHands(known) : known, draft, { additions, step });
  // Whose doing it is decides what is done about it, unless that was refused whoever it was.
  const action = { kind: 'waiting', why: 'more is known of it now', at: now } as const;
  const altered = known.action.kind === 'declined' ? restatement : { ...restatement, action };
  return alter(ledger, known.id, () => altered, now);
}

/** A late event may let an earlier read count, so that the step is older than it seemed. */
function withEarliest(ledger: Ledger, known: Finding, { step }: Finding, now: string): Ledger {
  if (known.step === undefined || step === undefined || firstOf(step) >= firstOf(known.step)) return ledger;
  const made = lastMade(known.step, step);
  return alter(ledger, known.id, (finding) => ({ ...finding, step: made }), now);
}

/** How grave and how certain it is, and whose, depends on what else is known of the step: what came before it, and what the target was. */
function regraded(known: Addition, derived: Addition | undefined): Addition {
  const factsOf = ({ grade, isGuess, by }: Addition) => [grade, isGuess, by];
  if (derived === undefined || isDeepStrictEqual(factsOf(derived), factsOf(known))) return known;
  return asNow(known, derived);
}

/** A changed setting may ask the same question of the same content, and be answered with other statements. */
function asAsked(known: Addition, derived: Addition | undefined): Addition {
  const placesOf = ({ statements }: Addition) =>
    statements.map(({ document, statementIndex }) => [document, statementIndex]);
  if (derived === undefined || isDeepStrictEqual(placesOf(derived), placesOf(known))) return known;
  return asNow(known, derived);
}

/** What is derived, with what is left of it. */
function asNow({ now, left }: Addition, derived: Addition): Addition {
  return { ...derived, now, ...(left === undefined ? {} : { left }) };
}

/** Ids of the events of everybody who had a hand in it, or carries it. */
function eventsOf(finding: Finding): string[] {
  return [...handsOf(finding), ...(finding.carriers ?? [])].map(({ eventId }) => eventId);
}

/**
 * What was taken for another step before all events had come: a step that is not derived again never was, and the steps
 * that were have findings of their own.
 */
function supersede(ledger: Ledger, drafts: readonly Finding[], reconciling: Reconciling): Ledger {
  const derived = new Set(drafts.map(({ id }) => id));
  // What they tell may have been proved gone, or approved, before the last event came.
  const stated = [...ledger.open, ...ledger.closed].filter(({ id }) => derived.has(id));
  return close(
    ledger,
    (finding) => {
      if (derived.has(finding.id) || !isDerivedAgain(finding, reconciling)) return undefined;
      const [hands, parts] = [new Set(eventsOf(finding)), new Set(finding.step?.parts)];
      const covering = stated.filter(
        (other) =>
          eventsOf(other).some((hand) => hands.has(hand)) ||
          other.step?.parts.some((part) => parts.has(part)) === true,
      );
      if (covering.length > 0) return coveredBy(covering);
      const at = timeOf(finding);
      const isOld = finding.additions?.every((addition) => reconciling.wasGranted(addition, at));
      if (isOld === true)
        return { status: 'RESOLVED', why: 'its events have arrived: the access had been granted before' };
      // Since it added nothing to what came before it, what came between the last read and it had added all of it.
      const earlier = stated.filter(
        (other) => timeOf(other) <= at && other.step?.life === finding.step?.life,
      );
      return earlier.length === 0 ? undefined : coveredBy(earlier);
    },
    reconciling.now,
  );
}

function coveredBy(others: readonly Finding[]): { readonly status: 'SUPERSEDED'; readonly why: string } {
  const names = others.map(({ id }) => `\`${id}\``).join(', ');
  return { status: 'SUPERSEDED', why: `its events have arrived; ${names} covers all of it` };
}
