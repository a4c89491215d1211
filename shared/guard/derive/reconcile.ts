/**
 * Findings as derived, and findings as stored → the ledger. What is stored and no longer derived stays: a finding ends
 * only by proof, by a person, or when other open findings tell all of it. Pure.
 */
import type { Addition, Finding } from '../../findings/finding.ts';
import type { Read } from '../timeline/timeline.ts';
import type { Judged } from './drafts.ts';
import { alter, close, type Ledger, open } from './ledger.ts';
import { present } from './present.ts';

export type Reconciling = {
  readonly judged: readonly Judged[];
  /** What AWS holds; absent: no read shows everything that is known, and nothing is proved gone. */
  readonly settled: Read | undefined;
  /** What is left of the addition; undefined: not known yet. */
  readonly remains: (addition: Addition) => Addition['now'] | undefined;
  /** True iff the guard has begun to remove what the finding tells. */
  readonly isRestored: (finding: Finding) => boolean;
  /** Deleting such a thing can be taken back. */
  readonly isReversible: boolean;
  /** ISO 8601. */
  readonly now: string;
};

/** Returns the ledger with every draft in it, and what is proved gone closed. */
export function reconcile(ledger: Ledger, drafts: readonly Finding[], reconciling: Reconciling): Ledger {
  const opened = drafts.reduce((known, draft) => introduce(known, draft, reconciling), ledger);
  return closeProved(supersede(opened, drafts, reconciling), reconciling);
}

function introduce(ledger: Ledger, draft: Finding, { settled, remains, now }: Reconciling): Ledger {
  const known = ledger.open.find(({ id }) => id === draft.id);
  if (known !== undefined) return explain(ledger, known, draft, now);
  const former = ledger.closed.find(({ id }) => id === draft.id);
  if (former === undefined) return open(ledger, draft);
  const [made, closed] = [Date.parse(draft.step?.at ?? now), Date.parse(former.closedAt ?? now)];
  if (former.status === 'APPROVED') return made > closed + SECOND ? open(ledger, draft) : ledger;
  // Proved gone since it was made. Should it stand all the same, it is told again.
  const isBack = settled !== undefined && (draft.additions ?? []).some((one) => remains(one) === 'granted');
  return made > closed || isBack ? open(ledger, draft) : ledger;
}

/** Times of events are whole ones. */
const SECOND = 1_000;

/** A finding that is open gains what is known by now: further hands, further additions. */
function explain(ledger: Ledger, known: Finding, draft: Finding, now: string): Ledger {
  const keyOf = ({ check, listName, versions }: Addition) => JSON.stringify([check, listName, versions]);
  const told = new Set(known.additions?.map(keyOf));
  const fresh = draft.additions?.filter((addition) => !told.has(keyOf(addition))) ?? [];
  const handsOf = ({ change, others = [], carriers = [] }: Finding) =>
    [...(change === undefined ? [] : [change]), ...others, ...carriers].map(({ eventId }) => eventId);
  const hands = new Set(handsOf(known));
  const isExplained = handsOf(draft).some((id) => !hands.has(id));
  if (fresh.length === 0 && !isExplained) return ledger;
  const { change, others, carriers, step, liveHash, versions, undoWith } = draft;
  const altered = present({
    ...known,
    additions: [...(known.additions ?? []), ...fresh],
    ...(change === undefined ? {} : { change }),
    ...(others === undefined ? {} : { others }),
    ...(carriers === undefined ? {} : { carriers }),
    ...(step === undefined ? {} : { step }),
    ...(versions === undefined ? {} : { versions }),
    liveHash,
    undoWith,
    // Whose doing it is decides what is done about it, unless that was refused whoever it was.
    ...(known.action.kind === 'declined'
      ? {}
      : { action: { kind: 'waiting', why: 'more is known of it now', at: now } as const }),
  });
  return alter(ledger, known.id, altered, now);
}

/** What was seen as one step by nobody known, and is several steps now that their events have come. */
function supersede(ledger: Ledger, drafts: readonly Finding[], { judged, now }: Reconciling): Ledger {
  const derived = new Set(drafts.map(({ id }) => id));
  const openIds = new Set(ledger.open.map(({ id }) => id));
  return close(
    ledger,
    ({ id, step, acceptedHash, liveHash, change }) => {
      if (step === undefined || derived.has(id) || change !== undefined) return undefined;
      const from = judged.findIndex(({ verdict }) => verdict.hashes.before === acceptedHash);
      const to = judged.findLastIndex(({ verdict }) => verdict.hashes.after === liveHash);
      if (from < 0 || to < from) return undefined;
      const covering = drafts.filter(
        (draft) =>
          openIds.has(draft.id) &&
          judged.slice(from, to + 1).some(({ verdict }) => tells(draft, verdict.versions)),
      );
      if (covering.length === 0) return undefined;
      const names = covering.map((draft) => `\`${draft.id}\``).join(', ');
      return { status: 'SUPERSEDED', why: `its events have come; all of it is told by ${names}` };
    },
    now,
  );
}

const NOTHING_LEFT = 'nothing that the change added is granted any more';

/** What was to be done and is not needed any more. */
function overtaken({ action }: Finding, at: string): Partial<Finding> {
  const before = { waiting: 'the guard could look', planned: 'the guard acted' };
  const what = action.kind === 'waiting' || action.kind === 'planned' ? before[action.kind] : undefined;
  return what === undefined ? {} : { action: { kind: 'observed', why: `it was undone before ${what}`, at } };
}

function tells({ additions = [] }: Finding, { before, after }: Addition['versions']): boolean {
  return additions.some(({ versions }) => versions.before === before && versions.after === after);
}

function closeProved(ledger: Ledger, reconciling: Reconciling): Ledger {
  const { settled, remains, isRestored, isReversible, now } = reconciling;
  if (settled === undefined) return ledger;
  const { exists } = settled.content;
  if (!exists && isReversible) return ledger;
  let updated = ledger;
  for (const finding of ledger.open) {
    if (finding.additions === undefined) continue;
    const additions = finding.additions.map((addition) => ({
      ...addition,
      now: exists ? (remains(addition) ?? addition.now) : ('gone' as const),
    }));
    const isNews = additions.some((addition, index) => addition.now !== finding.additions?.[index]?.now);
    // A finding that has closed says what it was; its additions are all gone.
    if (isNews) updated = alter(updated, finding.id, present({ ...finding, additions }), now);
  }
  return close(
    updated,
    (finding) => {
      const { additions, action } = finding;
      if (additions === undefined || additions.some((addition) => addition.now !== 'gone')) return undefined;
      if (!exists) return { status: 'RESOLVED', why: 'the target was deleted' };
      if (!isRestored(finding))
        return { status: 'RESOLVED', why: NOTHING_LEFT, alteration: overtaken(finding, now) };
      return {
        status: 'ROLLED_BACK',
        why: 'the guard removed what the change added',
        alteration:
          action.kind === 'done'
            ? {}
            : { action: { ...action, kind: 'done', why: 'what the change added was removed', at: now } },
      };
    },
    now,
  );
}
