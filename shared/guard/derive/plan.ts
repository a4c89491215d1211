/**
 * What is done about the open findings of a target: restore, wait, or leave, with the reason in each finding. Every
 * reason against stands in `reasonAgainst`, in the order it is said. Pure.
 */
import {
  type Addition,
  type Finding,
  type FindingAction,
  type FindingChange,
  handsOf,
} from '../../findings/finding.ts';
import { sha256 } from '../../store/objectKey.ts';
import { type Config, matchesAny, ruleOf } from '../config.ts';
import type { Ms, Read } from '../timeline/timeline.ts';
import { alter, isUndecided, type Ledger } from './ledger.ts';
import type { AnswerTo, RestoreNeed, RestoreVerdict } from './needs.ts';
import {
  isExempt,
  isRestorable,
  isToGo,
  type Past,
  profitingParts,
  restoreNeedOf,
  timeOf,
} from './restoreNeed.ts';

/** Events come within minutes; one that has not come by then is lost. Source: CloudTrail delivery as measured, ten minutes at most. */
const EVENT_LAG_MS = 900_000;
/** An event older than this has long been seen by every reader. */
export const READ_LAG_MS = 30_000;
/** What has been known for longer is for people. */
const RESTORE_WITHIN_MS = 3_600_000;
/** The same addition so often within a week is a fight, however slow. */
const MAX_OCCURRENCES = 3;
/** A restore that failed so often, or had nothing to do, will go on so. */
const MAX_FAILURES = 3;
const WEEK_MS = 7 * 24 * 3_600_000;

/** What the guard is about to write. */
export type RestorePlan = {
  /** Of all that it was decided on: what AWS holds, what is to go, and what is to stand. */
  readonly digest: string;
  readonly findingIds: readonly string[];
  readonly live: Read;
  /** Hash of the kept document that holds the content to write, and its content hash. */
  readonly snapshot: string;
  readonly contentHash: string;
  /** One sentence. */
  readonly says: string;
};

const PLANNED = {
  previous: 'the previous version will be restored',
  tighten: 'what the change added will be removed',
};
const DONE = {
  previous: 'the previous version was restored',
  tighten: 'what the change added was removed',
};

const UNCERTAIN = 'the version before the change is not certain';

type Candidate = Extract<RestoreVerdict, { readonly kind: 'candidate' }>;

/** Returns what is said of a restore that is to come, one sentence. */
function sayPlan({ how, losesOld, keepsRead }: Candidate): string {
  return [
    PLANNED[how],
    ...(losesOld ? ['it also removes access that was granted before or that others added since'] : []),
    ...(keepsRead ? ['what reads showed all the time stays, since only an event says that it had gone'] : []),
  ].join('; ');
}

/** Returns what is said of a restore that was carried out, `planned` being what was said of it before. */
export function sayDone(planned: string): string {
  const how = planned.startsWith(PLANNED.previous) ? 'previous' : 'tighten';
  return `${DONE[how]}${alsoPlanned(planned)}`;
}

/** The same of one after which nothing that the change added was left, but what was planned never stood. */
export function sayUnfinished(planned: string): string {
  return `${DONE.tighten}${alsoPlanned(planned)}; the rest never stood as planned: the restore ended early, or somebody changed the target meanwhile`;
}

function alsoPlanned(planned: string): string {
  const begun = Object.values(PLANNED).find((one) => planned.startsWith(one));
  return begun === undefined ? '' : planned.slice(begun.length);
}

type Planning = Past & {
  readonly config: Pick<Config, 'breaker' | 'ownResources'>;
  /** Unique id of what stands there, else the number of its life under this name. */
  readonly life: string;
  /** What AWS holds, if a read shows everything that is known. */
  readonly settled: Read | undefined;
  /** Ids of the findings that were derived, in the order of their steps. */
  readonly drafted: readonly string[];
  /** Since when the target's rule says to restore, in milliseconds. */
  readonly modeSince: Ms;
  /** The adapter's word; undefined: it can be restored. */
  readonly whyNotRestorable: string | undefined;
  /** Restores begun within the last hour, but for those that wrote nothing. */
  readonly recentWrites: number;
  /** How many restores for the finding wrote nothing. */
  readonly failuresOf: (finding: Finding) => number;
  /** Somebody is at work on the target. */
  readonly isClaimed: boolean;
  /** What is left of the addition that was not granted when AWS was last read before that time; undefined: not known yet. */
  readonly addedSince: (addition: Addition, at: Ms) => AnswerTo['remains'] | undefined;
  /** Undefined: it is not known yet; nothing is planned before it is. */
  readonly verdictOf: (need: RestoreNeed) => RestoreVerdict | undefined;
  readonly now: Ms;
};

type Planned = {
  /** Undefined: nothing is to be restored now. */
  readonly plan: RestorePlan | undefined;
  readonly ledger: Ledger;
  /** The limit of restores is reached by this very plan. */
  readonly trips: boolean;
  /** When time alone changes the answer. */
  readonly wakeAt: Ms | undefined;
};

/** Returns the plan, and the ledger in which each open finding says what is done about it. */
export function planRestore(ledger: Ledger, planning: Planning): Planned {
  const { settled, recentWrites, config, isClaimed } = planning;
  const undecided = inOrder(
    ledger.open.filter((finding) => finding.step !== undefined && isUndecided(finding)),
    planning.drafted,
  ).map((finding) => ofOthers(finding, config));
  const isBreakerOpen = ledger.open.some(({ check }) => check === 'rollback-breaker');
  const wanted: Finding[] = [];
  const untils: Ms[] = [];
  let next = ledger;
  const say = (findings: readonly Finding[], action: Said) => {
    next = findings.reduce((rest, finding) => sayAction(rest, finding, action, planning.now), next);
  };
  for (const finding of undecided) {
    const occurrences = timesOf(finding, ledger, planning.now);
    const reason = reasonAgainst({ ...finding, occurrences }, isBreakerOpen, planning);
    if (reason === undefined) wanted.push(finding);
    else say([finding], reason);
    if (reason?.until !== undefined) untils.push(reason.until);
  }
  const planned = (plan?: RestorePlan, trips = false): Planned => ({
    plan,
    ledger: next,
    trips,
    wakeAt: untils.length > 0 ? Math.min(...untils) : undefined,
  });
  if (wanted.length === 0 || settled === undefined) return planned();
  // Another restore of the target is at work.
  if (isClaimed) return planned();
  if (recentWrites >= config.breaker.maxRollbacksPerHour) {
    const why = `${recentWrites} rollbacks of this target within an hour are the limit; rollbacks are paused until someone approves`;
    say(wanted, { kind: 'declined', why });
    return planned(undefined, true);
  }
  const { plan, findings, declined } = findCandidate(wanted, settled, planning);
  for (const { finding, why } of declined) say([finding], { kind: 'declined', why, isOpen: true });
  if (plan === undefined) return planned();
  say(findings, { kind: 'planned', why: plan.says });
  return planned(plan);
}

/** In the order of their steps, so that the plan does not depend on which finding was opened first. */
function inOrder(findings: readonly Finding[], drafted: readonly string[]): readonly Finding[] {
  const turn = new Map(drafted.map((id, index) => [id, index]));
  const turnOf = ({ id }: Finding) => turn.get(id) ?? 0;
  return findings.toSorted((a, b) => timeOf(a) - timeOf(b) || turnOf(a) - turnOf(b));
}

/** Of a finding that tells of several steps, what exempt roles did not do: they do not answer for the rest. */
function ofOthers(finding: Finding, config: Planning['config']): Finding {
  const { additions = [], change: _, others: _others, ...rest } = finding;
  const hands = new Map(handsOf(finding).map((hand) => [hand.eventId, hand]));
  const handsBehind = ({ by = [] }: Addition) => by.flatMap((id) => hands.get(id) ?? []);
  const isExempts = (addition: Addition) => {
    const behind = handsBehind(addition);
    return behind.length > 0 && behind.every((one) => isExempt([one], config));
  };
  const theirs = additions.filter((one) => !isExempts(one));
  if (theirs.length === 0 || theirs.length === additions.length) return finding;
  const [change, ...others] = [...new Set(theirs.flatMap(handsBehind))];
  return { ...rest, additions: theirs, ...(change === undefined ? {} : { change, others }) };
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
function reasonAgainst(finding: Finding, isBreakerOpen: boolean, planning: Planning): Said | undefined {
  const { target, life, config, modeSince, settled, whyNotRestorable, now } = planning;
  const { carriers = [], additions = [], status, suppression, step, openedAt, occurrences, action } = finding;
  const hands = handsOf(finding);
  const leave = (why: string): Said => ({ kind: 'observed', why });
  const declined = (why: string): Said => ({ kind: 'declined', why });
  if (ruleOf(config, target)?.mode !== 'rollback')
    return leave('the configuration says to observe this target');
  if (status !== 'ACTIVE' || suppression !== undefined)
    return leave('an exception applies, or applied when the finding became known');
  if (isOfOtherLife(step?.life, life))
    return leave('what it is about is gone, and another stands there under its name');
  if (step?.isGuess === true) return leave(UNCERTAIN);
  // What somebody else did as well is theirs, and goes but for the parts that an emergency role wrote last.
  const isTheirs = hands.every((one) => isExempt([one], config));
  const emergency = [...(isTheirs ? hands : []), ...carriers].find(({ actorArn }) =>
    matchesAny(config.breakGlass, actorArn),
  );
  if (emergency !== undefined)
    return leave(`\`${emergency.actorArn}\` is a break-glass role; its changes are not restored`);
  const isDeployer = ({ actorArn }: FindingChange) => matchesAny(config.deployers, actorArn);
  const [deployer] = hands;
  if (deployer !== undefined && hands.every(isDeployer) && profitingParts(finding, planning).length === 0)
    return leave(`\`${deployer.actorArn}\` is a deployer; its changes are not restored`);
  const active = additions.filter(({ now: state }) => state !== 'gone');
  if (!active.some(({ result }) => result === 'FAIL')) return leave('nothing is written without a proof');
  if (!active.some(({ possible }) => possible)) return leave('no documented AWS call could use it');
  if (settled === undefined)
    return { kind: 'waiting', why: 'AWS does not show the change yet', until: now + READ_LAG_MS };
  if (!active.some(isRestorable)) return leave('what the change added is not granted now');
  if (!active.some(isToGo))
    return leave(
      active.some((addition) => isRestorable(addition) && addition.isGuess === true)
        ? UNCERTAIN
        : 'the target is new, and was created with this',
    );
  if (isApprovedUnseen(finding, planning))
    return leave('it was not known yet when a person approved the content');
  const opened = Date.parse(openedAt);
  if (action.kind === 'waiting' && opened < modeSince)
    return leave('it was known before rollbacks were turned on');
  if (action.kind !== 'planned' && action.kind !== 'partial' && now - opened > RESTORE_WITHIN_MS)
    return leave('it has been known for too long to be restored without a person');
  if (hands.length === 0 && now - opened < EVENT_LAG_MS)
    return {
      kind: 'waiting',
      why: 'who changed it is not known yet: its event may still come',
      until: opened + EVENT_LAG_MS,
    };
  if (now - opened < EVENT_LAG_MS && mayBeOfExempt(finding, planning))
    return {
      kind: 'waiting',
      why: 'who wrote the live content is not known yet: it may be somebody exempt',
      until: opened + EVENT_LAG_MS,
    };
  if (matchesAny(config.ownResources, target.arn))
    return declined('it is part of the guard itself, which never writes its own policies');
  if (whyNotRestorable !== undefined) return declined(whyNotRestorable);
  const failures = planning.failuresOf(finding);
  if (failures >= MAX_FAILURES) {
    const outcome = action.kind === 'partial' ? `; the last ended with: ${action.why}` : '';
    return declined(`${failures} restores of it wrote nothing, and the next would not either${outcome}`);
  }
  if (isBreakerOpen) return declined('the breaker is open: this target was rolled back too often');
  if (occurrences >= MAX_OCCURRENCES)
    return declined(`somebody made the same change ${occurrences} times; restoring it again would never end`);
  return undefined;
}

/** A number beside a unique id says nothing: no read had shown the id when the step was found. */
function isOfOtherLife(one: string | undefined, life: string): boolean {
  const isNumber = (text: string) => text.startsWith('#');
  return one !== undefined && one !== '' && one !== life && isNumber(one) === isNumber(life);
}

/** How often the guard has removed it from the same parts within a week, in whatever words, and this time. */
function timesOf(finding: Finding, { closed }: Ledger, now: Ms): number {
  const placeOf = ({ title, step }: Finding) => JSON.stringify([title, step?.parts]);
  const isSame = (one: Finding) =>
    one.status === 'ROLLED_BACK' &&
    placeOf(one) === placeOf(finding) &&
    now - Date.parse(one.closedAt ?? '') < WEEK_MS;
  return closed.filter(isSame).reduce((times, one) => times + one.occurrences, finding.occurrences);
}

/** A person approved a text that granted it already, as far as reads tell, and had no finding of it to look at. */
function isApprovedUnseen(
  { step, openedAt, additions = [] }: Finding,
  { approved, addedSince }: Planning,
): boolean {
  const times = (step?.parts ?? []).map((id) => approved.get(id) ?? 0);
  const at = Math.max(
    0,
    ...times.filter((time) => time > Date.parse(step?.at ?? '') && time <= Date.parse(openedAt)),
  );
  if (at === 0) return false;
  const answers = additions.filter(isRestorable).map((addition) => addedSince(addition, at));
  return !answers.some((answer) => answer === 'granted' || typeof answer === 'object');
}

/** Nobody's event explains yet what stands where the change was; a deployer's or an emergency role's may. */
function mayBeOfExempt({ step }: Finding, { writers, config }: Planning): boolean {
  const isUnknown = (id: string) => {
    const writer = writers.get(id);
    return writer?.by.length === 0 || writer?.isBeside === true;
  };
  return config.deployers.length + config.breakGlass.length > 0 && (step?.parts ?? []).some(isUnknown);
}

type Found = {
  readonly plan: RestorePlan | undefined;
  /** Whose additions it removes. */
  readonly findings: readonly Finding[];
  /** Those of which nothing may be written, if there is no plan. */
  readonly declined: readonly { readonly finding: Finding; readonly why: string }[];
};

/** One content without the additions of all; where there is none, one without those of the first that has one. */
function findCandidate(wanted: readonly Finding[], live: Read, planning: Planning): Found {
  const groups = wanted.length === 1 ? [wanted] : [wanted, ...wanted.map((finding) => [finding])];
  const declined: { finding: Finding; why: string }[] = [];
  for (const findings of groups) {
    const need = restoreNeedOf(findings, live, planning);
    const verdict = planning.verdictOf(need);
    if (verdict === undefined) return { plan: undefined, findings: [], declined: [] };
    if (verdict.kind === 'none') {
      const [only, ...more] = findings;
      if (only !== undefined && more.length === 0) declined.push({ finding: only, why: verdict.why });
      continue;
    }
    const { snapshot, contentHash } = verdict;
    const findingIds = findings.map(({ id }) => id);
    const digest = sha256(JSON.stringify([need.key, contentHash, findingIds]));
    const plan: RestorePlan = { digest, findingIds, live, snapshot, contentHash, says: sayPlan(verdict) };
    return { plan, findings, declined: [] };
  }
  return { plan: undefined, findings: [], declined };
}
