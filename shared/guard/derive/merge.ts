/**
 * More open findings than a state should hold: the oldest of those about which everything is decided are told as one,
 * with all that they added. Pure.
 */
import { worst } from '../../consequences/grade.ts';
import {
  type Addition,
  additionKey,
  type Finding,
  findingId,
  handsOf,
  standingOf,
} from '../../findings/finding.ts';
import { present, rank, weigh } from '../../findings/present.ts';
import type { TargetRef } from '../../targets/target.ts';
import { close, isUndecided, type Ledger, open } from './ledger.ts';
import { timeOf } from './restoreNeed.ts';

/** Findings of steps that are open at once. */
const MAX_OPEN = 50;
/** Actors that are named. */
const MAX_HANDS = 20;
/** Additions that it keeps; the others are counted. */
const MAX_ADDITIONS = 100;
/** Parts that it names. */
const MAX_PARTS = 100;

const MERGED = `one finding for many steps, since more than ${MAX_OPEN} of this target were open; the command to undo it is that of the gravest`;

/** Returns the ledger with no more open findings of steps than that; those of which something is still to be decided stay. */
export function mergeOldest(ledger: Ledger, target: TargetRef, now: string): Ledger {
  const id = idOf(target);
  const steps = ledger.open.filter(({ step }) => step !== undefined);
  const merged = steps.find((finding) => finding.id === id);
  // The one that tells of them takes a place too.
  const surplus = steps.length - MAX_OPEN + (merged === undefined ? 1 : 0);
  const oldest = steps
    .filter((finding) => finding !== merged && !isUndecided(finding))
    .toSorted((a, b) => timeOf(a) - timeOf(b))
    .slice(0, surplus);
  const [first, last] = [oldest[0], oldest.at(-1)];
  if (steps.length <= MAX_OPEN || first === undefined || last === undefined) return ledger;
  const gone = new Set(oldest.map((finding) => finding.id));
  const rest = close(
    ledger,
    (finding) => (gone.has(finding.id) ? { status: 'SUPERSEDED', why: toldBy(id) } : undefined),
    now,
  );
  const all = [...(merged === undefined ? [] : [merged]), ...oldest];
  const additions = new Map(
    all.flatMap((one) => one.additions ?? []).map((one) => [additionKey(one), slim(one)]),
  );
  const [, ...others] = all.flatMap(handsOf).slice(0, MAX_HANDS);
  const gravest = all.toSorted((a, b) => gravityOf(b) - gravityOf(a))[0] ?? first;
  const one = present({
    ...(merged ?? first),
    id,
    additions: bounded([...additions.values()]),
    step: {
      life: '',
      parts: [...new Set(all.flatMap(({ step }) => step?.parts ?? []))].sort().slice(0, MAX_PARTS),
      at: (merged ?? first).step?.at ?? now,
    },
    liveHash: last.liveHash,
    ...(last.versions === undefined ? {} : { versions: last.versions }),
    ...(others.length === 0 ? {} : { others }),
    acceptWith: `ratchet approve ${id}`,
    undoWith: gravest.undoWith,
    updatedAt: now,
  });
  if (merged === undefined)
    return open(rest, { ...one, openedAt: now, occurrences: 1, revision: 1, publishedRevision: 0 });
  const next = { ...one, revision: merged.revision + 1 };
  return { ...rest, open: rest.open.map((finding) => (finding.id === id ? next : finding)) };
}

/** How grave what the title says is. */
function gravityOf(finding: Finding): number {
  const told = standingOf(finding).filter(({ title }) => title === finding.title);
  return Math.max(-1, ...told.map(weigh));
}

/** What is gone goes first, then what is least grave. What else goes is counted, and ends by a person alone. */
function bounded(additions: readonly Addition[]): readonly Addition[] {
  const isLeft = ({ now }: Addition) => now !== 'gone';
  const kept = additions
    .filter(({ count }) => count === undefined)
    .toSorted((a, b) => Number(isLeft(b)) - Number(isLeft(a)) || rank(b) - rank(a));
  const others = kept.splice(MAX_ADDITIONS).filter(isLeft);
  const counted = additions.find(({ count }) => count !== undefined);
  if (others.length === 0) return counted === undefined ? kept : [...kept, counted];
  const count = (counted?.count ?? 0) + others.length;
  return [
    ...kept,
    {
      check: 'document',
      result: 'UNKNOWN',
      possible: true,
      grade: worst([...others, ...(counted === undefined ? [] : [counted])].map(({ grade }) => grade)),
      sources: [],
      count,
      versions: { after: '' },
      now: 'unknown',
      title: `${count} more additions of this target are not listed separately`,
      message: 'Each was published when it was found.',
      cause: `a finding keeps ${MAX_ADDITIONS} additions`,
      statements: [],
      removedDenies: [],
      notes: [MERGED],
    },
  ];
}

/**
 * Returns true iff the finding tells of many steps and the other is one of them, and was not made again since it was told.
 * `closed`: the other as it was closed; the finding may tell it by a count alone.
 */
export function isToldBy(finding: Finding, other: Finding, closed?: Finding): boolean {
  if (finding.id !== idOf(other.target)) return false;
  // It tells of nothing that was done after it was written last.
  const until = closed === undefined ? Date.parse(finding.closedAt ?? finding.updatedAt) : timeOf(closed);
  if (timeOf(other) > until) return false;
  if (finding.closedAt === undefined && closed?.statusWhy === toldBy(finding.id)) return true;
  const told = new Set(finding.additions?.map(additionKey));
  return other.additions?.every((addition) => told.has(additionKey(addition))) === true;
}

const toldBy = (id: string) => `it is told by \`${id}\``;

/** One at a time for each target. */
function idOf(target: TargetRef): string {
  return findingId({ target, facts: ['many steps'] });
}

/** What proves that it is gone, and the request; what else it said was published. */
function slim({ consequences: _, added: __, ...addition }: Addition): Addition {
  return { ...addition, statements: [], removedDenies: [], notes: [MERGED] };
}
