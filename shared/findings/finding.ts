/**
 * A finding: one thing that a person should know, from the moment it is seen to its end. One schema, versioned; every
 * renderer and publisher reads this and nothing else. A finding leads with its consequence.
 */
import { createHash } from 'node:crypto';
import type { Request } from '../evaluator/request.ts';
import type { TargetRef } from '../targets/target.ts';

export const FINDING_SCHEMA_VERSION = 1;

/**
 * What was asked. `access-not-granted` is the critical list (`listName` says which entry); `document`: a part could not
 * be read or parsed; the others are about the guard's own work.
 */
export type FindingCheck =
  | 'no-new-access'
  | 'access-not-granted'
  | 'no-public-access'
  | 'no-external-access'
  | 'document'
  | 'parameters-omitted'
  | 'guard-touched'
  | 'expired-exception'
  | 'rollback-breaker';

/** What happened and stays so, whatever a target holds: only a person ends it. */
const FACTS: ReadonlySet<FindingCheck> = new Set(['parameters-omitted', 'guard-touched']);

/** Returns true iff the check tells of something that happened, which no later content ends. */
export function isFact(check: FindingCheck): boolean {
  return FACTS.has(check);
}

/** `NOTICE`: nothing was proved or left unproved; a fact that a person should know. */
export type FindingResult = 'FAIL' | 'UNKNOWN' | 'NOTICE';

export type FindingStatus = 'ACTIVE' | 'RESOLVED' | 'ROLLED_BACK' | 'APPROVED' | 'SUPPRESSED';

export type Severity = 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';

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
  /** The API calls that were made, as said to people. */
  readonly calls?: readonly string[];
  /** ISO 8601. */
  readonly at: string;
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
  /** Content hash of the accepted version it was judged against; `''`: there was none. */
  readonly acceptedHash: string;
  /** Content hash of what was judged. */
  readonly liveHash: string;
  /** Hashes of the store's documents that hold both versions whole, for whoever wants to see them. */
  readonly versions?: { readonly accepted?: string; readonly live: string };
  readonly change?: FindingChange;
  readonly action: FindingAction;
  /** The exception that suppresses it. */
  readonly suppression?: { readonly owner: string; readonly reason: string; readonly expires: string };
  readonly approval?: { readonly who: string; readonly why: string; readonly at: string };
  /** The command that accepts it, and what undoes it by hand. */
  readonly acceptWith: string;
  readonly undoWith: string;
  /** ISO 8601: first opened, last changed, closed. */
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly closedAt?: string;
  /** How often the same change was seen again after it had been closed; 1 the first time. */
  readonly occurrences: number;
  /** Counts what is worth telling; the finding is to be published iff `publishedRevision` is less. */
  readonly revision: number;
  readonly publishedRevision: number;
  /** Publishers that were told more than `publishedRevision`, each with the revision; absent when all were told the same. */
  readonly publishedTo?: { readonly [publisher: string]: number };
};

export type FindingIdentity = {
  readonly target: TargetRef;
  readonly acceptedHash: string;
  readonly liveHash: string;
  readonly check: FindingCheck;
  readonly listName?: string;
};

/** Returns the id: the same change, judged by the same check against the same version, is the same finding. 32 hex digits. */
export function findingId({ target, acceptedHash, liveHash, check, listName }: FindingIdentity): string {
  const identity = [
    target.kind,
    target.arn,
    acceptedHash,
    liveHash,
    check,
    ...(listName === undefined ? [] : [listName]),
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
}

/** Returns true iff somebody has not been told the finding as it is now. */
export function isUnpublished({ revision, publishedRevision }: Finding): boolean {
  return publishedRevision < revision;
}

/** Returns the revision that a publisher was told last, 0 for none. */
export function revisionTold({ publishedRevision, publishedTo }: Finding, publisher: string): number {
  return Math.max(publishedRevision, publishedTo?.[publisher] ?? 0);
}
