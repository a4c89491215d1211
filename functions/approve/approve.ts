/**
 * A person's word that a change is right. Who may say so is decided by who may invoke the function; Lambda does not tell
 * it who called, so the request names the person, and CloudTrail's record of the invocation names the caller.
 */
import * as v from 'valibot';
import type { ApproveOutcome, Guard } from '../../shared/guard/contract.ts';
import type { Logger } from '../../shared/runtime/logger.ts';

const NEEDED = 'is needed, as text';

const said = v.pipe(v.string(NEEDED), v.trim(), v.nonEmpty('must not be empty'));

const requestSchema = v.strictObject(
  {
    findingId: v.pipe(v.string(NEEDED), v.regex(/^[0-9a-f]{32}$/, 'must be the 32 hex digits of a finding')),
    who: said,
    why: said,
    /** Content hash that the person looked at, where it is not the finding's own. */
    expectedHash: v.optional(v.string('must be text')),
  },
  // A member that is missing, one that nobody knows, or no object at all.
  ({ expected }) =>
    expected === 'never'
      ? 'is not known; the request takes findingId, who, why and expectedHash'
      : expected === 'Object'
        ? 'must be an object with findingId, who and why'
        : NEEDED,
);

/** What the invoker is answered. */
export type ApproveAnswer =
  | { readonly kind: 'approved'; readonly findings: readonly string[] }
  | { readonly kind: 'bad-request'; readonly why: string }
  | {
      readonly kind: Exclude<ApproveOutcome['kind'], 'approved'>;
      readonly why: string;
      /** Findings of the same parts that were made since, the newest first; approve these first. */
      readonly newer?: readonly string[];
    };

type ApproveDependencies = { readonly guard: Pick<Guard, 'approve'>; readonly logger: Logger };

/** Returns the function. Throws faults only: then nothing was accepted, and the same request may be made again. */
export function createApprove({ guard, logger }: ApproveDependencies) {
  return async (request: unknown): Promise<ApproveAnswer> => {
    const parsed = v.safeParse(requestSchema, request);
    if (!parsed.success) return { kind: 'bad-request', why: describe(parsed.issues) };
    const { findingId, who, why, expectedHash } = parsed.output;
    const outcome = await guard.approve({
      findingId,
      who,
      why,
      ...(expectedHash === undefined ? {} : { expectedHash }),
    });
    const answer = toAnswer(outcome);
    logger.info('approval', { findingId, who, why, kind: answer.kind });
    return answer;
  };
}

function toAnswer(outcome: ApproveOutcome): ApproveAnswer {
  switch (outcome.kind) {
    case 'approved':
      return { kind: 'approved', findings: outcome.findings.map(({ id }) => id) };
    case 'already-closed':
      return { kind: outcome.kind, why: `the finding is already closed: ${outcome.finding.status}` };
    case 'changed-since':
      return {
        kind: outcome.kind,
        why: outcome.why,
        newer: outcome.newer.map(({ id }) => id),
      };
    case 'not-found':
    case 'busy':
      return outcome;
  }
}

function describe(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map((issue) => `${v.getDotPath(issue) ?? 'the request'} ${issue.message}`).join('; ');
}
