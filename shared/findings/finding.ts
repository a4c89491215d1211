/**
 * A finding: what a person should know, from when it is first seen to its end. One schema, versioned; every
 * renderer and publisher reads this and nothing else. A finding leads with its consequence.
 */
import { createHash } from 'node:crypto';
import { GRADES, type Grade } from '../consequences/grade.ts';
import type { AddedAccess } from '../consequences/gradePieces.ts';
import type { Request } from '../evaluator/request.ts';
import type { TargetRef } from '../targets/target.ts';

export type { AddedAccess } from '../consequences/gradePieces.ts';

export const FINDING_SCHEMA_VERSION = 2;

/**
 * What was asked. `access-not-granted` is the critical list (`listName` says which entry); `dormant-access`: granted but
 * for another part's Deny, limit or block; `document`: a part could not be read or parsed; the others are about the
 * guard's own work.
 */
export type FindingCheck =
  | 'no-new-access'
  | 'access-not-granted'
  | 'no-public-access'
  | 'no-external-access'
  | 'dormant-access'
  | 'document'
  | 'parameters-omitted'
  | 'guard-touched'
  | 'expired-exception'
  | 'rollback-breaker';

/** `NOTICE`: nothing was proved or left unproved; a fact that a person should know. */
type FindingResult = 'FAIL' | 'UNKNOWN' | 'NOTICE';

/** `SUPERSEDED`: other open findings tell all of it, and it names them. */
export type FindingStatus = 'ACTIVE' | 'RESOLVED' | 'ROLLED_BACK' | 'APPROVED' | 'SUPPRESSED' | 'SUPERSEDED';

/** The grade, least first. `INFO`: nobody can make use of it now. */
export const SEVERITIES = GRADES;

export type Severity = Grade;

/** A line of a document as a person reads it. `number` counts from 1; absent when the text was laid out anew. */
export type QuotedLine = { readonly number?: number; readonly text: string };

export type FindingStatement = {
  /** Id of the part (`inline:NAME`, `attached:ARN`); absent when the target holds one document. */
  readonly document?: string;
  /** Counts from 0. */
  readonly statementIndex: number;
  readonly statementId?: string;
  readonly description: string;
  readonly lines: readonly QuotedLine[];
};

/** Who and when, from the event that led here; absent when a sweep found it. */
export type FindingChange = {
  readonly eventId: string;
  readonly eventName: string;
  readonly eventSource: string;
  /** ISO 8601. */
  readonly eventTime: string;
  /** `''` when the record names nobody. */
  readonly actorArn: string;
  readonly actorId: string;
  readonly sessionName?: string;
  readonly invokedBy?: string;
  readonly sourceIp?: string;
};

/**
 * What the guard did or will do about it. Decided once for a finding:
 * `observed` nothing will be done, `waiting` not decided yet, `planned` a rollback was asked for, `done` it was carried
 * out, `partial` some of it was, `declined` it was wanted but must not or cannot be.
 */
export type FindingAction = {
  readonly kind: 'observed' | 'waiting' | 'planned' | 'done' | 'partial' | 'declined';
  /** One sentence. */
  readonly why: string;
  /** Declined for now: more facts may change it. */
  readonly isOpen?: true;
  /** The API calls that were made, as said to people. */
  readonly calls?: readonly string[];
  /** ISO 8601. */
  readonly at: string;
};

/** What a step added, by one question. Each addition ends by itself. */
export type Addition = {
  readonly check: Extract<
    FindingCheck,
    | 'no-new-access'
    | 'access-not-granted'
    | 'no-public-access'
    | 'no-external-access'
    | 'dormant-access'
    | 'document'
  >;
  readonly listName?: string;
  readonly result: 'FAIL' | 'UNKNOWN';
  /** False: no documented AWS call could use it. */
  readonly possible: boolean;
  readonly grade: Severity;
  /** Ids of the parts that carry it. */
  readonly sources: readonly string[];
  /** Ids of the events that made its step, where the finding tells of several steps; empty: no event is known. */
  readonly by?: readonly string[];
  /** The parts were not there before: a new target was made with them. */
  readonly isInitial?: true;
  /** What the parts were before its step is a guess, where the finding tells of several steps. */
  readonly isGuess?: true;
  /** What something else grants and this target no longer stops. */
  readonly isBeside?: true;
  /** So many additions that are not kept one by one, so nothing proves that they are gone. */
  readonly count?: number;
  /** Hashes of the store's documents that hold the content before and after the step; `before` absent: there was none. */
  readonly versions: { readonly before?: string; readonly after: string };
  /** As last proved. `unknown`: it could not be proved that it is gone. */
  readonly now: 'granted' | 'dormant' | 'gone' | 'unknown';
  readonly title: string;
  readonly message: string;
  readonly cause?: string;
  /** Present iff the result is FAIL. */
  readonly witness?: Request;
  readonly statements: readonly FindingStatement[];
  readonly removedDenies: readonly FindingStatement[];
  readonly notes: readonly string[];
  readonly decidedBy?: 'atoms' | 'z3';
  /** What somebody became by it, most serious first; bounded. */
  readonly consequences?: readonly AddedConsequence[];
  /** All of it by service, access level and breadth, most serious first; bounded. */
  readonly added?: readonly AddedAccess[];
  /** What is said while only some of it is granted. */
  readonly left?: Left;
};

export type Left = Pick<
  Addition,
  | 'grade'
  | 'sources'
  | 'title'
  | 'message'
  | 'witness'
  | 'statements'
  | 'removedDenies'
  | 'notes'
  | 'consequences'
  | 'added'
>;

/** What a step lets somebody become or do, and the calls that bring it about. */
type AddedConsequence = {
  /** `administrator`, an escalation path's id, or an access rule's name. */
  readonly id: string;
  readonly grade: Severity;
  /** To be put after the principal's name; with `isWhole`, a sentence of its own. */
  readonly says: string;
  readonly isWhole?: true;
  /** MITRE ATT&CK, Enterprise. */
  readonly technique: string;
  readonly calls: readonly Request[];
};

/** The step that a finding is about. */
type FindingStep = {
  /** Unique id of the resource, else the number of its life under this name. */
  readonly life: string;
  /** The parts that the step touched. */
  readonly parts: readonly string[];
  /** ISO 8601: when it was done, or first seen. */
  readonly at: string;
  /** ISO 8601: when it was made first, where it was made more than once. What it added then may still be granted. */
  readonly firstAt?: string;
  /** The target was made, or made again, by these steps. */
  readonly isNew?: true;
  /** Nothing is known of what was there before: nothing is written. */
  readonly isGuess?: true;
};

export type Finding = {
  readonly schemaVersion: typeof FINDING_SCHEMA_VERSION;
  /** 32 hex digits, see `findingId`. */
  readonly id: string;
  readonly target: TargetRef;
  readonly check: FindingCheck;
  /** Name of the critical list's entry. */
  readonly listName?: string;
  readonly result: FindingResult;
  readonly severity: Severity;
  readonly status: FindingStatus;
  /** Why it has this status, one sentence; absent while it is ACTIVE for the first time. */
  readonly statusWhy?: string;
  /** The consequence, one sentence: who can now do what on what. */
  readonly title: string;
  /** The verdict's message. */
  readonly message: string;
  /** Why the answer is UNKNOWN. */
  readonly cause?: string;
  /** A request that became possible. Present iff the result is FAIL. */
  readonly witness?: Request;
  readonly statements: readonly FindingStatement[];
  /** Denies that went away and so made the access possible; indices as in the accepted version. */
  readonly removedDenies: readonly FindingStatement[];
  readonly notes: readonly string[];
  readonly decidedBy?: 'atoms' | 'z3';
  /** Content hash of what was there before the step; `''`: nothing, or nobody knows. */
  readonly acceptedHash: string;
  /** Content hash of what the step left. */
  readonly liveHash: string;
  /** Hashes of the store's documents that hold both versions whole, for whoever wants to see them. */
  readonly versions?: { readonly accepted?: string; readonly live: string };
  /** Absent for what is no step: facts about the guard's own work. */
  readonly step?: FindingStep;
  /** Everything that the step added; the members above say the gravest of what remains. */
  readonly additions?: readonly Addition[];
  readonly change?: FindingChange;
  /** Everybody else who had a hand in the step. */
  readonly others?: readonly FindingChange[];
  /** Who last wrote the parts that grant, where those are not the ones that the step touched. */
  readonly carriers?: readonly FindingChange[];
  /** Principals that a shared text reaches. */
  readonly holders?: readonly string[];
  readonly action: FindingAction;
  /** The exception that suppresses it. */
  readonly suppression?: { readonly owner: string; readonly reason: string; readonly expires: string };
  readonly approval?: { readonly who: string; readonly why: string; readonly at: string };
  /** The command that accepts it, and what restores it by hand. */
  readonly acceptWith: string;
  readonly undoWith: string;
  /** ISO 8601: first opened, last changed, closed. */
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly closedAt?: string;
  /** How often the same change was seen again after it had been closed; 1 the first time. */
  readonly occurrences: number;
  /**
   * The latest revision that says something which may interrupt: opened, graver, granted again, written by the guard.
   * What comes after it only completes the picture. Absent: the first.
   */
  readonly newsRevision?: number;
  /** Counts what is worth telling; the finding is to be published iff `publishedRevision` is less. */
  readonly revision: number;
  readonly publishedRevision: number;
  /** Publishers that were told more than `publishedRevision`, each with the revision; absent when all were told the same. */
  readonly publishedTo?: { readonly [publisher: string]: number };
};

/** What makes a finding this one and no other: facts, so that every order of events gives the same id. */
type FindingIdentity = {
  readonly target: TargetRef;
  /** `check` and the like for facts; life and texts for steps. */
  readonly facts: readonly string[];
};

/** Returns the id: 32 hex digits. */
export function findingId({ target, facts }: FindingIdentity): string {
  const identity = [target.kind, target.arn, ...facts];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
}

/** Returns the calls of everybody who had a hand in the step, the first first; none where nobody knows. */
export function handsOf({
  change,
  others = [],
}: Pick<Finding, 'change' | 'others'>): readonly FindingChange[] {
  return change === undefined ? [] : [change, ...others];
}

/** Returns what tells additions apart: the question, whether it asks what others may grant, and the contents. */
export function additionKey({ check, listName, isBeside, versions }: Addition): string {
  return JSON.stringify([check, listName, isBeside, versions]);
}

/** Returns true iff nothing has ended the finding. */
export function isOpen({ status }: Pick<Finding, 'status'>): boolean {
  return status === 'ACTIVE' || status === 'SUPPRESSED';
}

/** Returns what still stands of the finding's additions, as it is told now; all of them once nothing does. */
export function standingOf({ additions = [] }: Pick<Finding, 'additions'>): readonly Addition[] {
  const standing = additions.filter(({ now }) => now !== 'gone');
  return standing.length === 0 ? additions : standing.map(asLeft);
}

function asLeft(addition: Addition): Addition {
  if (addition.left === undefined) return addition;
  const { consequences: _, added: _added, witness: _witness, ...facts } = addition;
  return { ...facts, ...addition.left };
}

/** Returns true iff the first severity is at least the second. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}

/** Returns true iff somebody has not been told the finding as it is now. */
export function isUnpublished({ revision, publishedRevision }: Finding): boolean {
  return publishedRevision < revision;
}

/** Returns the revision that a publisher was told last, 0 for none. */
export function revisionTold({ publishedRevision, publishedTo }: Finding, publisher: string): number {
  return Math.max(publishedRevision, publishedTo?.[publisher] ?? 0);
}
