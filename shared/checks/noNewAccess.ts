/** Does the new policy grant a request that the existing one does not? Source: Access Analyzer API Reference, CheckNoNewAccess. */
import { type EncodeOptions, encodeStatement } from '../encoder/encodeStatement.ts';
import { askFor, encodeSet, grants } from '../encoder/question.ts';
import { evaluatePolicySet } from '../evaluator/evaluate.ts';
import type { Request } from '../evaluator/request.ts';
import { and, not } from '../formula/build.ts';
import type { Statement } from '../policy/ast.ts';
import { allowStatements, type Candidate, type Check, policiesOf, which } from './check.ts';
import { nearby } from './nearby.ts';
import { unsettledPart } from './unsettled.ts';
import type { PolicySet, Reason } from './verdict.ts';

const PASS_MESSAGE = 'The modified permissions do not grant new access compared to your existing policy.';
const FAIL_MESSAGE = 'The modified permissions grant new access compared to your existing policy.';

/**
 * Returns the check that fails iff some request is granted by `updated` and not by `existing`.
 * A statement contributes iff some such request matches it.
 */
export function noNewAccess(existing: PolicySet, updated: PolicySet, options: EncodeOptions): Check {
  return {
    candidates: newAccessCandidates(existing, updated, options),
    confirm: (request) => isGranted(updated, request) && !isGranted(existing, request),
    passMessage: PASS_MESSAGE,
    failMessage: FAIL_MESSAGE,
    describe: (statement) => `New access in the statement ${which(statement)}`,
    policies: policiesOf(existing, updated),
    linkPrincipal: options.linkPrincipal,
    removedDenies: (witness) => removedDenies(existing, witness),
  };
}

/** Returns true iff the evaluator says that the set grants the request. */
export function isGranted(set: PolicySet, request: Request): boolean {
  return evaluatePolicySet(set, request).granted;
}

function newAccessCandidates(existing: PolicySet, updated: PolicySet, options: EncodeOptions): Candidate[] {
  const unsettled = unsettledPart(existing, updated);
  // Its own Allow is met; only with a boundary the other side's leave is needed too.
  const limits = updated.boundary === undefined ? onlyDenies(updated) : updated;
  const questionOf = (part: Statement) => {
    const after = encodeSet(nearby(limits, part), options);
    const leave = updated.boundary === undefined ? [] : [after.allowed, after.withinBoundary];
    const before = encodeSet(nearby(existing, part), options);
    return askFor(and([encodeStatement(part, options), ...leave, not(after.denied), not(grants(before))]));
  };
  return allowStatements(updated).flatMap(({ statement, document }) => {
    const part = unsettled(statement);
    return part === undefined
      ? []
      : [{ statement: part, document, question: () => questionOf(part), questionOf }];
  });
}

function onlyDenies({ policies }: PolicySet): PolicySet {
  return {
    policies: policies.map(({ name, policy }) => ({
      name,
      policy: { ...policy, statements: policy.statements.filter(({ effect }) => effect === 'Deny') },
    })),
  };
}

/** The Denies of the existing set that stood alone between the witness and its being granted before. */
function removedDenies(existing: PolicySet, witness: Request): Reason[] {
  const documents = [...existing.policies, ...(existing.boundary ?? [])];
  const isDeny = ({ effect }: Statement) => effect === 'Deny';
  if (!documents.some(({ policy }) => policy.statements.some(isDeny))) return [];
  const withoutDenies = (list: PolicySet['policies']) =>
    list.map(({ name, policy }) => ({
      name,
      policy: { ...policy, statements: policy.statements.filter((statement) => !isDeny(statement)) },
    }));
  const allowed = isGranted(
    {
      policies: withoutDenies(existing.policies),
      ...(existing.boundary === undefined ? {} : { boundary: withoutDenies(existing.boundary) }),
    },
    witness,
  );
  if (!allowed) return [];
  return documents.flatMap(({ name, policy }) =>
    policy.statements
      .filter((statement) => isDeny(statement) && denies(policy, statement, witness))
      .map((statement) => ({
        description: `The request was denied before by the statement ${which(statement)}`,
        statementIndex: statement.index,
        ...(statement.sid === undefined ? {} : { statementId: statement.sid }),
        ...(documents.length > 1 || name !== '' ? { document: name } : {}),
      })),
  );
}

function denies(
  policy: PolicySet['policies'][number]['policy'],
  statement: Statement,
  witness: Request,
): boolean {
  const alone = { ...policy, statements: [{ ...statement, effect: 'Allow' as const }] };
  return isGranted({ policies: [{ name: '', policy: alone }] }, witness);
}
