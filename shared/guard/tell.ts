/** What is told beside the verdict on what AWS holds: changes already undone, hidden requests, a fight. Pure. */
import type { Change } from '../changes/change.ts';
import type { Finding, FindingAction } from '../findings/finding.ts';
import type { Snapshot } from '../targets/target.ts';
import { composeFinding, composeNotice } from './composeFinding.ts';
import { condense } from './condense.ts';
import type { Judgement } from './judge.ts';
import { type Ledger, open, openClosed } from './ledger.ts';
import type { KeptVersion } from './state.ts';

/** The document inside an event, judged; and the version that was accepted when it was made. */
export type PastJudgement = Judgement & {
  readonly accepted: Snapshot | undefined;
  readonly versions: NonNullable<Finding['versions']>;
  /** What its author left for certain: the document in the version in force, without what else AWS holds by now. */
  readonly left: Pick<KeptVersion, 'contentHash' | 'snapshotHash'>;
};

/** What is told, and when. */
export type Moment = {
  readonly change: Change | undefined;
  readonly live: Pick<Snapshot, 'target' | 'contentHash'>;
  /** ISO 8601. */
  readonly now: string;
};

/** Returns the ledger with each finding of a change that was undone before it was read: told, closed, driving nothing. */
export function tellPast(ledger: Ledger, past: PastJudgement | undefined, { change, now }: Moment): Ledger {
  if (past === undefined || change === undefined) return ledger;
  const { eventId, eventTime } = change.event;
  const known = [...ledger.open, ...ledger.closed];
  // Seen before, when AWS still held it or not: a late duplicate is no second change.
  if (known.some((finding) => finding.change?.eventId === eventId)) return ledger;
  // The same content was told since it was made, on the occasion of another event.
  const isTold = ({ liveHash, check, closedAt }: Finding) =>
    liveHash === past.snapshot.contentHash &&
    past.assessments.some((one) => one.check === check) &&
    (closedAt === undefined || Date.parse(closedAt) >= Date.parse(eventTime));
  if (known.some(isTold)) return ledger;
  const action: FindingAction = {
    kind: 'observed',
    why: 'it was undone before the guard could look',
    at: now,
  };
  const composed = past.assessments
    .filter(({ verdict, isNew }) => verdict.result !== 'PASS' && isNew)
    .map((assessment) => composeFinding(assessment, past, { change, now, action }));
  // It is over, and so is whatever an exception would tolerate.
  return condense(composed, () => false).reduce(
    (told, finding) => openClosed(told, finding, 'AWS no longer holds this content'),
    ledger,
  );
}

/**
 * Returns the ledger with a finding when CloudTrail left the parameters out. The call was carried out; padding a policy
 * with white space, which IAM does not count, is a way to keep it out of the record.
 */
export function tellOmission(ledger: Ledger, { change, live, now }: Moment): Ledger {
  if (change === undefined || !change.parametersOmitted) return ledger;
  const { eventId, eventName } = change.event;
  const notice = composeNotice(
    {
      target: live.target,
      check: 'parameters-omitted',
      severity: 'HIGH',
      title: `${whoOf(change)} called \`${eventName}\` with a request too large for CloudTrail to record`,
      message:
        'White space in a policy can hide it from CloudTrail. What AWS holds was read and judged all the same.',
      identity: { liveHash: eventId },
      liveHash: live.contentHash,
    },
    { change, now, action: { kind: 'observed', why: 'what AWS holds was judged', at: now } },
  );
  return openOnce(ledger, notice);
}

/**
 * Returns the ledger with a finding that the call touched something of the guard's own. It is told whoever makes the
 * call, and nothing undoes it: whoever blinds the guard may have reached what would undo it.
 */
export function tellTouched(own: readonly string[]) {
  return (ledger: Ledger, { change, live, now }: Moment): Ledger => {
    const [first] = own;
    if (change === undefined || first === undefined) return ledger;
    const { eventId, eventName } = change.event;
    const notice = composeNotice(
      {
        target: live.target,
        check: 'guard-touched',
        severity: 'CRITICAL',
        title: `${whoOf(change)} called \`${eventName}\` on what the guard stands on, \`${first}\``,
        message:
          'The guard may no longer see, remember, tell or undo changes. If this was no deployment of yours, put it back first.',
        notes: own.slice(1).map((arn) => `touched too: ${arn}`),
        identity: { liveHash: eventId },
        liveHash: live.contentHash,
      },
      {
        change,
        now,
        action: { kind: 'observed', why: 'the guard never undoes a change of itself', at: now },
      },
    );
    return openOnce(ledger, notice);
  };
}

function whoOf({ event: { actor } }: Change): string {
  return actor.arn === '' ? 'somebody' : `\`${actor.arn}\``;
}

/** Once a person has seen it, a duplicate of the event does not bring it back. */
function openOnce(ledger: Ledger, notice: Finding): Ledger {
  return ledger.closed.some(({ id }) => id === notice.id) ? ledger : open(ledger, notice);
}

/** Returns the finding that the guard has given up undoing changes of a target. One for each accepted version. */
export function composeBreakerNotice({ live, change, now }: Moment, acceptedHash: string): Finding {
  return composeNotice(
    {
      target: live.target,
      check: 'rollback-breaker',
      severity: 'CRITICAL',
      title: `the guard stopped undoing changes of \`${live.target.arn}\`: somebody keeps making them again`,
      message:
        'The limit of rollbacks within an hour is reached. What AWS holds now stays until a person acts.',
      identity: { acceptedHash },
      liveHash: live.contentHash,
    },
    {
      change,
      now,
      action: {
        kind: 'declined',
        why: 'hands off until the accepted version is back or a person approves',
        at: now,
      },
    },
  );
}
