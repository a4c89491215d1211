/** An assessment → a finding, with all that a person needs. Pure; decides neither what is done nor whether to tell. */

import type { Change } from '../changes/change.ts';
import type { Reason, Verdict } from '../checks/verdict.ts';
import { describeConsequence, describeTarget } from '../findings/consequence.ts';
import {
  FINDING_SCHEMA_VERSION,
  type Finding,
  type FindingAction,
  type FindingChange,
  type FindingCheck,
  type FindingStatement,
  findingId,
  type Severity,
} from '../findings/finding.ts';
import { quoteStatement } from '../findings/quoteStatement.ts';
import type { Snapshot, TargetKind, TargetRef } from '../targets/target.ts';
import { describeUndo } from './describeUndo.ts';
import type { Assessment, Judgement } from './judge.ts';

/** What a finding starts with, whatever it is about. */
export type Opening = {
  readonly change: Change | undefined;
  /** ISO 8601. */
  readonly now: string;
  readonly action: FindingAction;
};

/** Returns the finding of a FAIL or UNKNOWN, ACTIVE and unpublished. `accepted`: to quote Denies that went away. */
export function composeFinding(
  { check, listName, verdict }: Assessment,
  judgement: Pick<Judgement, 'snapshot' | 'acceptedHash'> & {
    readonly accepted: Snapshot | undefined;
    readonly versions: NonNullable<Finding['versions']>;
  },
  opening: Opening,
): Finding {
  const { snapshot, acceptedHash, accepted, versions } = judgement;
  const { target, contentHash: liveHash } = snapshot;
  const named = listName === undefined ? {} : { listName };
  return {
    ...base({ target, acceptedHash, liveHash, check, ...named }, opening),
    undoWith: describeUndo(snapshot, accepted),
    versions,
    result: verdict.result === 'FAIL' ? 'FAIL' : 'UNKNOWN',
    severity: verdict.result === 'FAIL' ? FAIL_SEVERITY[check](target.kind) : 'MEDIUM',
    title: titleOf(verdict, { check, target, ...named }),
    message: verdict.message,
    statements: toStatements(verdict.reasons, snapshot),
    removedDenies: toStatements(verdict.removedDenies ?? [], accepted),
    notes: [...(verdict.notes ?? [])],
    decidedBy: verdict.decidedBy,
    ...(verdict.result === 'FAIL' ? { witness: verdict.witness } : {}),
    ...(verdict.result === 'UNKNOWN' ? { cause: verdict.cause } : {}),
  };
}

export type Notice = {
  readonly target: TargetRef;
  readonly check: Extract<
    FindingCheck,
    'parameters-omitted' | 'guard-touched' | 'expired-exception' | 'rollback-breaker'
  >;
  readonly severity: Severity;
  readonly title: string;
  readonly message: string;
  readonly notes?: readonly string[];
  /** What makes it this notice and no other. */
  readonly identity: {
    readonly acceptedHash?: string;
    readonly liveHash?: string;
    readonly listName?: string;
  };
  readonly liveHash: string;
};

/** Returns a finding about the guard's own work, ACTIVE and unpublished. */
export function composeNotice(notice: Notice, opening: Opening): Finding {
  const { target, check, severity, title, message, identity, liveHash, notes = [] } = notice;
  return {
    ...base({ target, check, acceptedHash: '', liveHash: '', ...identity }, opening),
    liveHash,
    result: 'NOTICE',
    severity,
    title,
    message,
    statements: [],
    removedDenies: [],
    notes,
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

type Identity = Parameters<typeof findingId>[0];

function base({ listName, ...identity }: Identity, { change, now, action }: Opening) {
  const named = listName === undefined ? {} : { listName };
  const id = findingId({ ...identity, ...named });
  return {
    schemaVersion: FINDING_SCHEMA_VERSION,
    id,
    ...identity,
    ...named,
    status: 'ACTIVE',
    ...(change === undefined ? {} : { change: toFindingChange(change) }),
    action,
    acceptWith: `ratchet approve ${id}`,
    undoWith: 'nothing to undo',
    openedAt: now,
    updatedAt: now,
    occurrences: 1,
    revision: 1,
    publishedRevision: 0,
  } as const;
}

const FAIL_SEVERITY: { readonly [check in Assessment['check']]: (kind: TargetKind) => Severity } = {
  // Whoever is assigned a permission set gains all of it at once.
  'no-new-access': (kind) => (kind === 'account-assignment' ? 'HIGH' : 'MEDIUM'),
  // A managed policy grants nothing until somebody holds it; then that principal has a finding of its own.
  'access-not-granted': (kind) => (kind === 'managed-policy' ? 'HIGH' : 'CRITICAL'),
  'no-public-access': () => 'CRITICAL',
  'no-external-access': () => 'HIGH',
  document: () => 'MEDIUM',
};

function titleOf(
  verdict: Verdict,
  { check, target, listName }: { check: FindingCheck; target: TargetRef; listName?: string },
): string {
  if (verdict.result === 'FAIL') {
    const named = listName === undefined ? {} : { listName };
    return describeConsequence(check, { witness: verdict.witness, target, ...named });
  }
  const what = check === 'document' ? 'be read' : `be judged (${listName ?? check})`;
  return `the ${describeTarget(target)} changed and could not ${what}`;
}

/** Statements that are quoted; a state is to stay small, and nobody reads more. All are named. */
const MAX_QUOTED = 5;

function toStatements(reasons: readonly Reason[], snapshot: Snapshot | undefined): FindingStatement[] {
  return reasons.map(({ document, ...reason }, index) => {
    const isOnly = document === undefined || document === '';
    const part = isOnly ? snapshot?.parts[0] : snapshot?.parts.find(({ id }) => id === document);
    const text = index < MAX_QUOTED ? part?.document : undefined;
    const lines = text === undefined ? [] : quoteStatement(text, reason.statementIndex);
    return { ...reason, ...(isOnly ? {} : { document }), lines };
  });
}
