/**
 * Runs: what one actor's session does within half an hour. The first finding of a run that interrupts is told at once,
 * and so is each graver one; the others are held for some minutes and told as one group, so that one deployment, or one
 * text that many hold, is one page. What is about the guard, and what it wrote because of something grave, is never held.
 * Pure; each finding stays stored and due for the publisher until its group was told.
 */
import { type Finding, isAtLeast, type Severity } from '../findings/finding.ts';
import type { StatePlace } from '../store/store.ts';
import type { Waiting } from './triage.ts';

/** So long after a message a run goes on. */
export const BURST_MS = 1_800_000;
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

type Alone = {
  readonly findingId: string;
  readonly revision: number;
  readonly severity: Severity;
  readonly at: string;
};

/** Like findings on their way to one publisher. */
export type Burst = {
  readonly publisher: string;
  /** What they have in common, see `likeOf`. */
  readonly like: string;
  /** Told by themselves lately. */
  readonly alone: readonly Alone[];
  readonly held: readonly Held[];
  /** ISO 8601: when the held ones are to be told. Present iff some are held. */
  readonly dueAt?: string;
};

/**
 * Returns what makes findings alike: the session that led to them. Those that no event led to are alike too. What is
 * done to permission sets and what IAM Identity Center then does in the accounts is one act.
 */
export function likeOf(finding: Finding): string {
  const { target, change, status } = finding;
  // What the guard itself did is said at once, and not among what others do.
  const isRestored = status === 'ROLLED_BACK' ? [status] : [];
  if (target.kind === 'permission-set' || target.kind === 'account-assignment' || isProvisioned(finding))
    return 'IAM Identity Center';
  if (change === undefined) return JSON.stringify([target.accountId, 'no event', ...isRestored]);
  const { actorId, actorArn, sessionName = '' } = change;
  return JSON.stringify([target.accountId, actorId || actorArn, sessionName, ...isRestored]);
}

/** IAM Identity Center carried out what a permission set says; whoever sees the set was told of it there. */
function isProvisioned({ change, target: { kind } }: Finding): boolean {
  return change?.invokedBy === 'sso.amazonaws.com' && (kind === 'iam-principal' || kind === 'role-trust');
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
    quietly,
  }: {
    readonly publisher: string;
    readonly findings: readonly Finding[];
    readonly now: string;
    /** What a finding waits for; undefined: it interrupts. */
    readonly waits: (finding: Finding) => Waiting | undefined;
    /** What a finding waits for that need not interrupt. */
    readonly quietly: (finding: Finding) => Waiting;
  },
): Joining {
  const others = current(bursts, now);
  const alone: Finding[] = [];
  const held: Finding[] = [];
  let known = others;
  const burstOf = (like: string): Burst =>
    known.find((one) => one.publisher === publisher && one.like === like) ?? {
      publisher,
      like,
      alone: [],
      held: [],
    };
  for (const finding of findings) {
    const ofRun = waits(finding) === undefined ? burstOf(likeOf(finding)) : undefined;
    const isTold = ofRun?.alone.some(
      ({ findingId, severity }) => findingId !== finding.id && isAtLeast(severity, finding.severity),
    );
    const waiting = isTold === true && isProvisioned(finding) ? quietly(finding) : waits(finding);
    const burst = burstOf(waiting?.like ?? likeOf(finding));
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
    const { id: findingId, revision, severity, target } = finding;
    const isFirst = !burst.alone.some((one) => isAtLeast(one.severity, severity));
    const isAlone = waiting === undefined && (isFirst || isUrgent(finding));
    const joined: Burst = isAlone
      ? { ...burst, alone: [...burst.alone, { findingId, revision, severity, at: now }] }
      : hold(burst, { findingId, revision, place: { kind: target.kind, arn: target.arn } }, { now, waiting });
    (isAlone ? alone : held).push(finding);
    known = [...known.filter((one) => one !== burst), joined];
  }
  return { bursts: known, alone, held, isDue: takeDue(known, publisher, now).due.length > 0 };
}

/** Whoever blinds the guard may leave it no time; what it wrote because of something grave is to be seen at once. */
function isUrgent({ result, severity, status, action }: Finding): boolean {
  if (result === 'NOTICE') return true;
  const isRestore = status === 'ROLLED_BACK' || ['done', 'partial', 'declined'].includes(action.kind);
  return isRestore && isAtLeast(severity, 'HIGH');
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
