/** Findings that are no step: facts about calls, and about the guard's own work. Pure. */
import type { Change } from '../../changes/change.ts';
import {
  FINDING_SCHEMA_VERSION,
  type Finding,
  type FindingAction,
  type FindingChange,
  type FindingCheck,
  findingId,
  type Severity,
} from '../../findings/finding.ts';
import type { TargetRef } from '../../targets/target.ts';
import { type Ledger, open } from './ledger.ts';

type Notice = {
  readonly target: TargetRef;
  readonly check: Extract<
    FindingCheck,
    'parameters-omitted' | 'guard-touched' | 'expired-exception' | 'rollback-breaker'
  >;
  readonly listName?: string;
  readonly severity: Severity;
  readonly title: string;
  readonly message: string;
  readonly notes?: readonly string[];
  /** What makes it this notice and no other. */
  readonly identity: string;
  readonly change?: FindingChange;
  readonly action: Pick<FindingAction, 'kind' | 'why'>;
};

/** Returns the notice as a finding, ACTIVE and unpublished. `now`: ISO 8601. */
export function composeNotice({ identity, action, notes = [], ...notice }: Notice, now: string): Finding {
  const id = findingId({ target: notice.target, facts: [notice.check, identity] });
  return {
    schemaVersion: FINDING_SCHEMA_VERSION,
    id,
    ...notice,
    result: 'NOTICE',
    status: 'ACTIVE',
    statements: [],
    removedDenies: [],
    notes,
    acceptedHash: '',
    liveHash: '',
    action: { ...action, at: now },
    acceptWith: `ratchet approve ${id}`,
    undoWith: 'nothing to undo',
    openedAt: now,
    updatedAt: now,
    occurrences: 1,
    revision: 1,
    publishedRevision: 0,
  };
}

/** Returns who and when, as a finding keeps it. */
export function toFindingChange({ event }: Change): FindingChange {
  const { actor } = event;
  return {
    eventId: event.eventId,
    eventName: event.eventName,
    eventSource: event.eventSource,
    eventTime: event.eventTime,
    actorArn: actor.arn,
    actorId: actor.uniqueId,
    ...(actor.sessionName === undefined ? {} : { sessionName: actor.sessionName }),
    ...(actor.invokedBy === undefined ? {} : { invokedBy: actor.invokedBy }),
    ...(actor.sourceIp === undefined ? {} : { sourceIp: actor.sourceIp }),
  };
}

/** A notice about a call, but for the target that it is told of. */
export type CallNotice = Omit<Notice, 'target'>;

/**
 * Returns what is told when CloudTrail left the parameters out; undefined: it did not. The call was carried out; padding
 * a policy with white space, which IAM does not count, is a way to keep it out of the record.
 */
export function omissionOf(change: Change): CallNotice | undefined {
  if (!change.parametersOmitted) return undefined;
  const { eventId, eventName } = change.event;
  return {
    check: 'parameters-omitted',
    severity: 'HIGH',
    title: `${whoOf(change)} called \`${eventName}\` with a request too large for CloudTrail to record`,
    message:
      'White space in a policy can hide it from CloudTrail. The guard still read and judged the live content.',
    identity: eventId,
    change: toFindingChange(change),
    action: { kind: 'observed', why: 'the live content was judged' },
  };
}

/**
 * Returns what is told of a call that touched these, the guard's own; undefined: there are none. It is told whoever makes
 * the call, and nothing undoes it: whoever blinds the guard may have reached what would undo it.
 */
export function touchOf(change: Change, [first, ...others]: readonly string[]): CallNotice | undefined {
  if (first === undefined) return undefined;
  const { eventId, eventName } = change.event;
  return {
    check: 'guard-touched',
    severity: 'CRITICAL',
    title: `${whoOf(change)} called \`${eventName}\` on a resource of the guard, \`${first}\``,
    message:
      'The guard may no longer see, store, publish or restore changes. Unless this was your own deployment, restore it first.',
    notes: others.map((arn) => `also touched: ${arn}`),
    identity: eventId,
    change: toFindingChange(change),
    action: { kind: 'observed', why: 'the guard never restores its own resources' },
  };
}

function whoOf({ event: { actor } }: Change): string {
  return actor.arn === '' ? 'somebody' : `\`${actor.arn}\``;
}

/** Returns the ledger with the notice. Once a person has seen it, a duplicate of the event does not bring it back. */
export function openOnce(ledger: Ledger, notice: Finding): Ledger {
  return ledger.closed.some(({ id }) => id === notice.id) ? ledger : open(ledger, notice);
}

/** Returns the finding that rollbacks of a target are paused. */
export function composeBreakerNotice(target: TargetRef, life: string, now: string): Finding {
  return composeNotice(
    {
      target,
      check: 'rollback-breaker',
      severity: 'CRITICAL',
      title: `the guard stopped restoring \`${target.arn}\`: too many restores within an hour`,
      message: 'The hourly limit of rollbacks is reached. The live content stays until a person acts.',
      identity: life,
      action: { kind: 'declined', why: 'rollbacks are paused until someone approves or the access is gone' },
    },
    now,
  );
}
