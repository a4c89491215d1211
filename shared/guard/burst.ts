/**
 * Bursts: like findings (the same actor, check, life and account) that come faster than a person can read. The first
 * few are told one by one, the others are held for some minutes and told as one group. Pure; each finding stays stored
 * and due for the publisher until its group was told.
 */
import { type Finding, isAtLeast } from '../findings/finding.ts';
import type { StatePlace } from '../store/store.ts';
import type { Waiting } from './triage.ts';

/** So many of a kind are told one by one within the time of a burst. */
export const MAX_ALONE = 5;
export const BURST_MS = 600_000;
/** The longest that a finding is held. */
export const HOLD_MS = 300_000;
/** A group is told as soon as it has so many: what a mail can name one by one. */
export const MAX_GROUP = 50;

/** One state of a finding, and where it is kept. */
export type Held = {
  readonly findingId: string;
  readonly revision: number;
  readonly place: StatePlace;
};

/** Like findings on their way to one publisher. */
export type Burst = {
  readonly publisher: string;
  /** What they have in common, see `likeOf`. */
  readonly like: string;
  /** Told one by one lately. */
  readonly alone: readonly { readonly findingId: string; readonly revision: number; readonly at: string }[];
  readonly held: readonly Held[];
  /** ISO 8601: when the held ones are to be told. Present iff some are held. */
  readonly dueAt?: string;
};

/**
 * Returns what makes findings alike. Those that no event led to are alike too: a first look at an account may find
 * hundreds.
 */
export function likeOf({ target, check, status, change }: Finding): string {
  const actor = change === undefined ? 'no event' : change.actorId || change.actorArn;
  return JSON.stringify([target.accountId, actor, check, status]);
}

export type Joining = {
  readonly bursts: readonly Burst[];
  /** To be told one by one, now. */
  readonly alone: readonly Finding[];
  /** To be told with their group, later. */
  readonly held: readonly Finding[];
  /** Whether some group of this publisher is due by now. */
  readonly isDue: boolean;
};

/** Returns which findings are told one by one and which are held. The same finding again gets the same answer. */
export function joinBursts(
  bursts: readonly Burst[],
  {
    publisher,
    findings,
    now,
    waits,
  }: {
    readonly publisher: string;
    readonly findings: readonly Finding[];
    readonly now: string;
    /** What a finding waits for; undefined: it interrupts. */
    readonly waits: (finding: Finding) => Waiting | undefined;
  },
): Joining {
  const others = current(bursts, now);
  const alone: Finding[] = [];
  const held: Finding[] = [];
  let known = others;
  for (const finding of findings) {
    const waiting = waits(finding);
    const like = waiting?.like ?? likeOf(finding);
    const burst: Burst = known.find((one) => one.publisher === publisher && one.like === like) ?? {
      publisher,
      like,
      alone: [],
      held: [],
    };
    const isThis = (one: { readonly findingId: string; readonly revision: number }) =>
      one.findingId === finding.id && one.revision === finding.revision;
    if (burst.alone.some(isThis)) {
      alone.push(finding);
      continue;
    }
    if (burst.held.some(isThis)) {
      held.push(finding);
      continue;
    }
    const { id: findingId, revision, target } = finding;
    // Once some are held, the next ones join them: a person reads the group as a whole.
    const isFew = burst.held.length === 0 && burst.alone.length < MAX_ALONE;
    // What somebody did that is grave waits for nothing.
    const isGrave = finding.change !== undefined && isAtLeast(finding.severity, 'HIGH');
    const isAlone = waiting === undefined && (isFew || isGrave);
    const joined: Burst = isAlone
      ? { ...burst, alone: [...burst.alone, { findingId, revision, at: now }] }
      : hold(burst, { findingId, revision, place: { kind: target.kind, arn: target.arn } }, { now, waiting });
    (isAlone ? alone : held).push(finding);
    known = [...known.filter((one) => one !== burst), joined];
  }
  return { bursts: known, alone, held, isDue: takeDue(known, publisher, now).due.length > 0 };
}

/** A full burst is due at once; what waits for a digest or the end of a run is due then. */
function hold(
  burst: Burst,
  one: Held,
  { now, waiting }: { readonly now: string; readonly waiting: Waiting | undefined },
): Burst {
  const held = [...burst.held, one];
  if (waiting !== undefined) return { ...burst, held, dueAt: burst.dueAt ?? waiting.dueAt };
  return { ...burst, held, dueAt: held.length >= MAX_GROUP ? now : (burst.dueAt ?? later(now)) };
}

/** Without what is too long ago to count. */
function current(bursts: readonly Burst[], now: string): readonly Burst[] {
  return bursts.flatMap((burst) => {
    const alone = burst.alone.filter(({ at }) => Date.parse(now) - Date.parse(at) < BURST_MS);
    return alone.length === 0 && burst.held.length === 0 ? [] : [{ ...burst, alone }];
  });
}

/**
 * Returns the groups that a publisher is to be told now. They fall due again later unless they are settled, so nobody
 * else tells them meanwhile and a crash loses none.
 */
export function takeDue(
  bursts: readonly Burst[],
  publisher: string,
  now: string,
): { readonly bursts: readonly Burst[]; readonly due: readonly Burst[] } {
  const due = bursts.filter(
    (burst) =>
      burst.publisher === publisher &&
      burst.dueAt !== undefined &&
      Date.parse(burst.dueAt) <= Date.parse(now),
  );
  return {
    bursts: bursts.map((burst) => (due.includes(burst) ? { ...burst, dueAt: later(now) } : burst)),
    due,
  };
}

/** Returns the bursts without the held ones that were told. */
export function settle(bursts: readonly Burst[], told: Burst, now: string): readonly Burst[] {
  const isTold = ({ findingId, revision }: Held) =>
    told.held.some((one) => one.findingId === findingId && one.revision === revision);
  const settled = bursts.map((burst) => {
    if (burst.publisher !== told.publisher || burst.like !== told.like) return burst;
    const held = burst.held.filter((one) => !isTold(one));
    if (held.length > 0) return { ...burst, held };
    const { dueAt: _, ...others } = burst;
    return { ...others, held };
  });
  return current(settled, now);
}

function later(now: string): string {
  return new Date(Date.parse(now) + HOLD_MS).toISOString();
}
