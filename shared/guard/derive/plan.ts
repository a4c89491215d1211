/**
 * What is done about the open findings of a target: restore, wait, or leave, with the reason in each finding. Every
 * reason against stands in one table, in the order it is said. Pure.
 */
import {
  type Finding,
  type FindingAction,
  type FindingChange,
  handsOf,
  isAtLeast,
} from '../../findings/finding.ts';
import { sha256 } from '../../store/objectKey.ts';
import type { TargetRef } from '../../targets/target.ts';
import { type Config, matchesAny, ruleOf } from '../config.ts';
import type { Step } from '../timeline/place.ts';
import {
  type Content,
  type Edit,
  isSameUid,
  type Ms,
  partOf,
  type Read,
  type Writer,
} from '../timeline/timeline.ts';
import { alter, type Ledger } from './ledger.ts';
import {
  type LaterPart,
  needOfRestore,
  type Removal,
  type RestoreNeed,
  type RestoreVerdict,
} from './needs.ts';

/** Events come within minutes; one that has not come by then is lost. Source: CloudTrail delivery as measured, ten minutes at most. */
const EVENT_LAG_MS = 900_000;
/** An event older than this has long been seen by every reader. */
export const READ_LAG_MS = 30_000;
/** What has been known for longer is for people. */
const RESTORE_WITHIN_MS = 3_600_000;
/** The same addition so often within a week is a fight, however slow. */
const MAX_OCCURRENCES = 3;

/** What the guard is about to write. */
export type RestorePlan = {
  readonly kind: 'restore';
  /** Of all that it was decided on: what AWS holds, what is to go, and what is to stand. */
  readonly digest: string;
  readonly findingIds: readonly string[];
  readonly live: Read;
  /** Hash of the kept document that holds the content to write, and its content hash. */
  readonly snapshot: string;
  readonly contentHash: string;
  readonly how: 'previous' | 'tighten';
  /** Access that was granted before goes as well. */
  readonly losesOld: boolean;
  readonly keepsRead?: true;
};

/** Returns what is said of a restore, `what` being done or going to be. */
export function sayRestore(
  what: { readonly previous: string; readonly tighten: string },
  { how, losesOld, keepsRead }: Pick<RestorePlan, 'how' | 'losesOld' | 'keepsRead'>,
): string {
  return [
    what[how],
    ...(losesOld ? ['it also takes access that was granted before or that others added since'] : []),
    ...(keepsRead ? ['what reads showed all the time stays, since only an event says that it had gone'] : []),
  ].join('; ');
}

export type Plan =
  | RestorePlan
  | { readonly kind: 'wait'; readonly why: string }
  | { readonly kind: 'leave'; readonly why: string };

type Planning = {
  readonly target: TargetRef;
  readonly config: Pick<Config, 'targets' | 'deployers' | 'breakGlass' | 'breaker' | 'ownResources'>;
  /** What AWS holds, if a read shows everything that is known. */
  readonly settled: Read | undefined;
  readonly writers: ReadonlyMap<string, Writer>;
  readonly steps: readonly Step[];
  readonly edits: readonly Edit[];
  /** The content before each part with dormant access was written, as a kept document. */
  readonly slept: ReadonlyMap<string, string>;
  /** When a person last approved what stood in each part. */
  readonly approved: ReadonlyMap<string, Ms>;
  /** Since when the target's rule says to restore, in milliseconds. */
  readonly modeSince: Ms;
  /** The adapter's word; undefined: it can be restored. */
  readonly whyNotRestorable: string | undefined;
  /** Restores begun within the last hour. */
  readonly recentWrites: number;
  readonly isBreakerOpen: boolean;
  /** Somebody is at work on the target. */
  readonly isClaimed: boolean;
  readonly verdictOf: (need: RestoreNeed) => RestoreVerdict | undefined;
  readonly settings: string;
  readonly now: Ms;
};

type Planned = {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly needs: readonly RestoreNeed[];
  /** The limit of restores is reached by this very plan. */
  readonly trips: boolean;
  /** When time alone changes the answer. */
  readonly wakeAt: Ms | undefined;
};

/** Returns the plan, and the ledger in which each open finding says what is done about it. */
export function planRestore(ledger: Ledger, planning: Planning): Planned {
  const undecided = ledger.open.filter(
    ({ step, action }) =>
      step !== undefined &&
      (['waiting', 'planned', 'partial'].includes(action.kind) || action.isOpen === true),
  );
  const reasons = new Map(undecided.map((finding) => [finding.id, reasonAgainst(finding, planning)]));
  const wanted = undecided.filter(({ id }) => reasons.get(id) === undefined);
  const said = (known: Ledger, findings: readonly Finding[], action: Said) =>
    findings.reduce((rest, finding) => sayAction(rest, finding, action, planning.now), known);
  let next = ledger;
  for (const finding of undecided) {
    const reason = reasons.get(finding.id);
    if (reason !== undefined) next = said(next, [finding], reason);
  }
  const untils = [...reasons.values()].flatMap((reason) =>
    reason?.until === undefined ? [] : [reason.until],
  );
  const wakeAt = untils.length > 0 ? Math.min(...untils) : undefined;
  const rest: Plan =
    wakeAt === undefined
      ? { kind: 'leave', why: 'nothing is to be restored' }
      : { kind: 'wait', why: 'an event may still come' };
  const planned = (plan: Plan, more: Partial<Planned> = {}): Planned => ({
    plan,
    ledger: next,
    needs: [],
    trips: false,
    wakeAt,
    ...more,
  });
  const { settled, recentWrites, config, isClaimed } = planning;
  if (wanted.length === 0 || settled === undefined) return planned(rest);
  if (isClaimed) return planned({ kind: 'wait', why: 'a restore of the target is at work' });
  if (recentWrites >= config.breaker.maxRollbacksPerHour) {
    const why = `${recentWrites} rollbacks of this target within an hour are the limit; rollbacks are paused until someone approves`;
    next = said(next, wanted, { kind: 'declined', why });
    return planned({ kind: 'leave', why }, { trips: true });
  }
  const found = findCandidate(wanted, settled, planning);
  if (found.kind === 'need') return planned(rest, { needs: [found.need] });
  for (const { finding, why } of found.declined)
    next = said(next, [finding], { kind: 'declined', why, isOpen: true });
  if (found.plan === undefined) return planned(rest);
  const why = sayRestore(
    { previous: 'the previous version will be restored', tighten: 'what the change added will be removed' },
    found.plan,
  );
  next = said(next, found.findings, { kind: 'planned', why });
  return planned(found.plan);
}

type Said = Pick<FindingAction, 'kind' | 'why' | 'isOpen'> & { readonly until?: Ms };

function sayAction(ledger: Ledger, { id, action }: Finding, { kind, why, isOpen }: Said, now: Ms): Ledger {
  // A restore that got half-way goes on, and says so.
  const isSame =
    (action.kind === kind && action.why === why) || (action.kind === 'partial' && kind === 'planned');
  if (isSame) return ledger;
  const at = new Date(now).toISOString();
  const said: FindingAction = { kind, why, ...(isOpen === undefined ? {} : { isOpen }), at };
  return alter(ledger, id, (finding) => ({ ...finding, action: said }), at);
}

/** Why nothing is written for the finding, now or at all; undefined: something is to be. */
function reasonAgainst(finding: Finding, planning: Planning): Said | undefined {
  const { target, config, modeSince, settled, isBreakerOpen, whyNotRestorable, now } = planning;
  const { carriers = [], additions = [], status, suppression, step, openedAt, occurrences, action } = finding;
  const hands = handsOf(finding);
  const leave = (why: string): Said => ({ kind: 'observed', why });
  const declined = (why: string): Said => ({ kind: 'declined', why });
  if (ruleOf(config, target)?.mode !== 'rollback')
    return leave('the configuration says to observe this target');
  if (status !== 'ACTIVE' || suppression !== undefined)
    return leave('an exception holds, or did when it was known already');
  if (step?.isGuess === true) return leave('what was there before is not certain');
  // What somebody else did as well is theirs, and goes but for the parts that an emergency role wrote last.
  const isTheirs = hands.every((one) => isExempt([one], config));
  const emergency = [...(isTheirs ? hands : []), ...carriers].find(({ actorArn }) =>
    matchesAny(config.breakGlass, actorArn),
  );
  if (emergency !== undefined)
    return leave(`\`${emergency.actorArn}\` is an emergency role, whose changes are not undone`);
  const isDeployer = ({ actorArn }: FindingChange) => matchesAny(config.deployers, actorArn);
  const [deployer] = hands;
  if (deployer !== undefined && [...hands, ...carriers].every(isDeployer))
    return leave(`\`${deployer.actorArn}\` is a deployer, whose changes are not undone`);
  const active = additions.filter(({ now: state }) => state !== 'gone');
  if (!active.some(({ result }) => result === 'FAIL'))
    return leave('nothing is written on an answer that is not proved');
  if (!active.some(({ possible }) => possible)) return leave('no call that AWS documents makes use of it');
  if (settled === undefined)
    return { kind: 'waiting', why: 'AWS does not show the change yet', until: now + READ_LAG_MS };
  if (!active.some(isRestorable)) return leave('what the change added is not granted now');
  if (!active.some(isToGo)) return leave('the target is new, and this is what it was made with');
  if (isApprovedUnseen(finding, planning))
    return leave('it was not known yet when a person approved what stood there');
  const opened = Date.parse(openedAt);
  if (action.kind === 'waiting' && opened < modeSince)
    return leave('it was known before rollbacks were switched on');
  if (action.kind !== 'planned' && action.kind !== 'partial' && now - opened > RESTORE_WITHIN_MS)
    return leave('it has been known for too long to be undone without a person');
  if (hands.length === 0 && now - opened < EVENT_LAG_MS)
    return {
      kind: 'waiting',
      why: 'who changed it is not known yet: its event may still come',
      until: opened + EVENT_LAG_MS,
    };
  if (now - opened < EVENT_LAG_MS && mayBeOfExempt(finding, planning))
    return {
      kind: 'waiting',
      why: 'who wrote what stands there now is not known yet: it may be somebody exempt',
      until: opened + EVENT_LAG_MS,
    };
  if (matchesAny(config.ownResources, target.arn))
    return declined('it is part of the guard itself, which never writes its own policies');
  if (whyNotRestorable !== undefined) return declined(whyNotRestorable);
  if (isBreakerOpen) return declined('the breaker is open: this target was rolled back too often');
  if (occurrences >= MAX_OCCURRENCES)
    return declined(
      `somebody made the same change ${occurrences} times; undoing it again would go on for ever`,
    );
  return undefined;
}

/** A person approved a text that held it already, and had no finding of it to look at. */
function isApprovedUnseen({ step, openedAt }: Finding, { approved }: Planning): boolean {
  return (step?.parts ?? []).some((id) => {
    const at = approved.get(id) ?? 0;
    return at > Date.parse(step?.at ?? '') && at <= Date.parse(openedAt);
  });
}

/** Nobody's event explains yet what stands where the change was; a deployer's or an emergency role's may. */
function mayBeOfExempt({ step }: Finding, { writers, config }: Planning): boolean {
  const isUnknown = (id: string) => {
    const writer = writers.get(id);
    return writer?.by.length === 0 || writer?.isBeside === true;
  };
  return config.deployers.length + config.breakGlass.length > 0 && (step?.parts ?? []).some(isUnknown);
}

/** What a target was made with is published; only the gravest of it is removed. */
function isToGo(addition: NonNullable<Finding['additions']>[number]): boolean {
  return isRestorable(addition) && (addition.isInitial !== true || addition.grade === 'CRITICAL');
}

function isRestorable({ result, possible, now }: NonNullable<Finding['additions']>[number]): boolean {
  return result === 'FAIL' && possible && now === 'granted';
}

type Found =
  | { readonly kind: 'need'; readonly need: RestoreNeed }
  | {
      readonly kind: 'found';
      readonly plan: RestorePlan | undefined;
      readonly findings: readonly Finding[];
      readonly declined: readonly { readonly finding: Finding; readonly why: string }[];
    };

/** One content without the additions of all; where there is none, one without those of the first that has one. */
function findCandidate(wanted: readonly Finding[], live: Read, planning: Planning): Found {
  const groups = wanted.length === 1 ? [wanted] : [wanted, ...wanted.map((finding) => [finding])];
  const declined: { finding: Finding; why: string }[] = [];
  for (const findings of groups) {
    const need = needFor(findings, live, planning);
    const verdict = planning.verdictOf(need);
    if (verdict === undefined) return { kind: 'need', need };
    if (verdict.kind === 'none') {
      const [only, ...more] = findings;
      if (only !== undefined && more.length === 0) declined.push({ finding: only, why: verdict.why });
      continue;
    }
    const { kind: _, ...candidate } = verdict;
    const findingIds = findings.map(({ id }) => id);
    const digest = sha256(JSON.stringify([need.key, candidate.contentHash, findingIds]));
    const plan: RestorePlan = { kind: 'restore', digest, findingIds, live, ...candidate };
    return { kind: 'found', plan, findings, declined: [] };
  }
  return { kind: 'found', plan: undefined, findings: [], declined };
}

function needFor(findings: readonly Finding[], live: Read, planning: Planning): RestoreNeed {
  const { writers, config, target, settings } = planning;
  const there = new Set(live.content.parts.map(({ id }) => id));
  const removals = findings
    .toSorted((a, b) => timeOf(a) - timeOf(b))
    .map((finding): Removal => {
      const additions = (finding.additions ?? []).filter(isToGo);
      const { parts = [] } = finding.step ?? {};
      const profiting = [...new Set(additions.flatMap(({ sources }) => sources))]
        // What its writer took away profits from nothing, and is not restored.
        .filter((id) => !parts.includes(id) && there.has(id) && isCarried(id, finding, planning))
        .sort();
      // A step that stays took a Deny or limit away: what others put there to wait for that goes, and no more.
      const isLeft = !parts.some((id) => isFree(writers.get(id), config));
      const woken = isLeft ? profiting.map((id) => partBefore(id, writers.get(id)?.at ?? 0, planning)) : [];
      const stood = planning.steps.flatMap(({ at, parts: touched, stood }): LaterPart[] => {
        if (stood === undefined || at !== timeOf(finding)) return [];
        const unread = touched.filter((id) => parts.includes(id)).map((id) => partIn(stood, id));
        // What has gone, or is another by now, has nothing that could stay.
        return unread.filter(({ id, was }) => there.has(id) && isSameUid(was, partOf(live.content, id)));
      });
      return { parts: [...parts, ...profiting].sort(), additions, woken, stood };
    });
  const touched = [...new Set(removals.flatMap(({ parts }) => parts))].sort();
  const since = Math.min(...findings.map(timeOf));
  const later = [...writers].flatMap(([id, writer]): LaterPart[] => {
    // What a person approved since is where it begins.
    const from = Math.max(since, planning.approved.get(id) ?? 0);
    const isTheirs = writer.at >= from && writer.by.length > 0 && !isExempt(writer.by, config);
    return isTheirs && !touched.includes(id) ? [partBefore(id, from, planning)] : [];
  });
  return needOfRestore(
    {
      live,
      removals,
      free: touched.filter((id) => isFree(writers.get(id), config)),
      left: [...writers]
        .flatMap(([id, writer]) => (writer.at >= since && !isFree(writer, config) ? [id] : []))
        .sort(),
      spared: planning.edits.flatMap(({ at, change, touches }) =>
        at < since || !isExempt([change], config)
          ? []
          : touches.flatMap(({ part, adds }) =>
              adds !== undefined && touched.includes(part) ? [{ part, adds }] : [],
            ),
      ),
      later: later.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      mayLoseOld: findings.every(({ severity }) => isAtLeast(severity, 'HIGH')),
      mayRestorePrevious: ruleOf(config, target)?.restore === 'previous',
    },
    settings,
  );
}

function timeOf({ step }: Finding): number {
  return Date.parse(step?.at ?? '');
}

function partIn(content: Content, id: string): LaterPart {
  const [was, { snapshot }] = [partOf(content, id), content];
  return { id, ...(was === undefined ? {} : { was }), ...(snapshot === undefined ? {} : { snapshot }) };
}

/** Whoever profits: a part that another step woke, last written by somebody who is not exempt, and not approved. */
function isCarried(id: string, { carriers = [] }: Finding, planning: Planning): boolean {
  const known = new Set(carriers.map(({ eventId }) => eventId));
  const writer = planning.writers.get(id);
  if (writer === undefined || (planning.approved.get(id) ?? 0) > writer.at) return false;
  return writer.by.some((one) => known.has(one.eventId) && !isExempt([one], planning.config));
}

/** The part as it was before the first step on it since then that nobody exempt made. */
function partBefore(
  id: string,
  since: Ms,
  { steps, config, slept }: Pick<Planning, 'steps' | 'config' | 'slept'>,
): LaterPart {
  const first = steps.find(
    (step) => step.at >= since && step.parts.includes(id) && !isExempt(step.by, config),
  );
  const was = first && partOf(first.before, id);
  if (was !== undefined) return { id, was };
  // The step is older than the timeline; the finding of what it put to sleep is not.
  const snapshot = first === undefined ? slept.get(id) : undefined;
  return { id, ...(snapshot === undefined ? {} : { snapshot }) };
}

function isExempt(by: readonly FindingChange[], { deployers, breakGlass }: Planning['config']): boolean {
  return by.some(({ actorArn }) => matchesAny([...deployers, ...breakGlass], actorArn));
}

/** What the event of somebody exempt shows is never removed. */
function isFree(writer: Writer | undefined, { deployers, breakGlass }: Planning['config']): boolean {
  if (writer === undefined) return true;
  if (writer.by.some(({ actorArn }) => matchesAny(breakGlass, actorArn))) return false;
  return !(writer.isShown && writer.by.some(({ actorArn }) => matchesAny(deployers, actorArn)));
}
