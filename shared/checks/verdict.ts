/** The answer of a check, shaped like the Access Analyzer API's. */

import type { Request } from '../evaluator/request.ts';

/** One statement that contributes to a FAIL. */
export type Reason = {
  /** As AWS writes it: `New access in the statement with index: 0.` */
  readonly description: string;
  /** Counts from 0 in its document. */
  readonly statementIndex: number;
  readonly statementId?: string;
  /** Which document of a set; absent when a single document was judged. */
  readonly document?: string;
};

/** A check's answer: proven, refuted by a witness, or not known. */
export type Verdict = VerdictCommon &
  (
    | { readonly result: 'PASS' }
    | {
        readonly result: 'FAIL';
        /** Confirmed by the evaluator; where `possible`, the most serious request that AWS could see. */
        readonly witness: Request;
        /**
         * False iff AWS could see none of the requests that the check found: by the Service Authorization Reference,
         * their actions take no such resource. An action or key that it does not list counts as possible.
         */
        readonly possible: boolean;
      }
    /** Never turned into PASS, never acted on. `cause` says why in one sentence. */
    | { readonly result: 'UNKNOWN'; readonly cause: string }
  );

/** Returns the verdict with further notes. */
export function withNotes(verdict: Verdict, notes: readonly string[]): Verdict {
  return notes.length === 0 ? verdict : { ...verdict, notes: [...(verdict.notes ?? []), ...notes] };
}

/** What every verdict says. */
export type VerdictCommon = {
  /** The result in one sentence, as AWS writes it. */
  readonly message: string;
  /** Empty unless FAIL: every statement that contributes, in document order. */
  readonly reasons: readonly Reason[];
  /** Denies of the existing policy that went away and so made the access possible, with the index they had there. */
  readonly removedDenies?: readonly Reason[];
  /** `z3` iff its word was needed; a FAIL may need no decider's, only the evaluator's. */
  readonly decidedBy: 'atoms' | 'z3';
  /** Further facts for a person, one sentence each. */
  readonly notes?: readonly string[];
};
