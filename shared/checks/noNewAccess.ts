/** Does the new policy grant a request that the existing one does not? Source: Access Analyzer API Reference, CheckNoNewAccess. */
import { type EncodeOptions, encodeStatement } from '../encoder/encodeStatement.ts';
import { askFor, encodeSet, grants } from '../encoder/question.ts';
import { evaluatePolicySet, matches } from '../evaluator/evaluate.ts';
import type { Request } from '../evaluator/request.ts';
import { and, not, or } from '../formula/build.ts';
import type { Policy, Statement } from '../policy/ast.ts';
import { documentsOf, limitsOf, mapPolicies, type PolicySet } from '../policy/policySet.ts';
import {
  type Candidate,
  type Check,
  confirmLinked,
  isOfResource,
  linkedWhere,
  policiesOf,
  statementsWith,
  which,
} from './check.ts';
import { nearby } from './nearby.ts';
import type { Scope } from './scope.ts';
import { sameWords, type Unsettled, unsettledPart } from './unsettled.ts';
import type { Reason } from './verdict.ts';

const PASS_MESSAGE = 'The modified permissions do not grant new access compared to your existing policy.';
const FAIL_MESSAGE = 'The modified permissions grant new access compared to your existing policy.';

/**
 * Returns the check that fails iff some request is granted by `updated` and not by `existing`.
 * A statement contributes iff some such request matches it.
 */
export function noNewAccess(existing: PolicySet, updated: PolicySet, options: EncodeOptions): Check {
  return addedAccess({ before: [existing], live: [updated] }, options, {
    passMessage: PASS_MESSAGE,
    failMessage: FAIL_MESSAGE,
    describe: (statement) => `New access in the statement ${which(statement)}`,
  });
}

/**
 * Which requests are looked for: those in the scope that some set of `live` and some of `after` grants, and none of
 * `before`. Mostly a version is one set; where each document is taken by itself, it is one a document.
 */
export type Added = {
  readonly before: readonly PolicySet[];
  /** As good as `live` if absent. */
  readonly after?: readonly PolicySet[];
  /** Its statements are the ones that contribute. */
  readonly live: readonly PolicySet[];
  /** Every request if absent. */
  readonly scope?: Scope;
};

/** Returns the check that fails iff some such request exists. A statement of `live` contributes iff one matches it. */
export function addedAccess(
  added: Added,
  options: EncodeOptions,
  words: Pick<Check, 'passMessage' | 'failMessage' | 'describe' | 'listedActions' | 'resourceType'>,
): Check {
  const { before, after, live, scope } = added;
  const policies = policiesOf(...before, ...live, ...(after ?? []));
  return {
    ...words,
    candidates: addedCandidates(added, options),
    confirm: confirmLinked(
      (request) => {
        const granted = (sets: readonly PolicySet[]) => sets.some((set) => isGranted(set, request));
        return (
          granted(live) &&
          !granted(before) &&
          (after === undefined || granted(after)) &&
          (scope === undefined || scope.includes(request))
        );
      },
      policies,
      options,
    ),
    policies,
    linkPrincipal: options.linkPrincipal,
    removedDenies: (witness) => before.flatMap((set) => removedDenies(set, witness)),
  };
}

/** Returns the statements of `live` that may contribute, each with its question. */
export function addedCandidates(added: Added, options: EncodeOptions): Candidate[] {
  const { before, after = [], live } = added;
  const policies = policiesOf(...before, ...live, ...after);
  const linked = linkedWhere(options, policies);
  const namesNobody = !policies.some(isOfResource);
  return live.flatMap((set) => {
    // Of a single set the check's `confirm` says so.
    const isOf = (request: Request, part: Statement) =>
      matches(part, request) && (live.length === 1 || isGranted(set, request));
    const candidates = candidatesOf(set, added, linked);
    return namesNobody ? candidates.map((candidate) => ({ ...candidate, isOf })) : candidates;
  });
}

/** Returns true iff the evaluator says that the set grants the request. */
export function isGranted(set: PolicySet, request: Request): boolean {
  return evaluatePolicySet(set, request).granted;
}

/** The statements of one set of `live`. */
function candidatesOf(
  live: PolicySet,
  { before, after, scope }: Omit<Added, 'live'>,
  options: EncodeOptions,
): Candidate[] {
  const paired = counterpart(live, before);
  const unsettled =
    paired === undefined ? (part: Statement): Unsettled => ({ part }) : unsettledPart(paired, live);
  // Its own Allow is met; only with a boundary the other side's leave is needed too.
  const limits = live.boundary === undefined ? onlyDenies(live) : live;
  const questionOf = (part: Statement, refusedBy: PolicySet | undefined) => {
    const grantedBy = (set: PolicySet) => grants(encodeSet(nearby(set, part), options));
    const now = encodeSet(nearby(limits, part), options);
    const formula = and([
      ...(scope === undefined ? [] : [scope.formula]),
      encodeStatement(part, options),
      ...(live.boundary === undefined ? [] : [now.allowed, now.withinBoundary]),
      not(now.denied),
      ...(after === undefined ? [] : [or(after.map(grantedBy))]),
      ...(refusedBy === undefined ? [] : [encodeSet(nearby(refusedBy, part), options).denied]),
      not(or(before.filter((set) => refusedBy === undefined || set !== paired).map(grantedBy))),
    ]);
    return askFor(formula, options);
  };
  return statementsWith('Allow', withoutOldLimits(live, before)).flatMap(({ statement, document }) => {
    const left = unsettled(statement);
    if (left === undefined) return [];
    const { part, refusedBy } = left;
    const ofPart = (one: Statement) => questionOf(one, refusedBy);
    return [{ statement: part, document, question: () => ofPart(part), questionOf: ofPart }];
  });
}

/** Whatever is granted some policy allows; the statements of a limit that stood before have no part in what is new. */
function withoutOldLimits(live: PolicySet, before: readonly PolicySet[]): PolicySet {
  if (live.boundary === undefined) return live;
  const old = before
    .flatMap(limitsOf)
    .flatMap(documentsOf)
    .map(({ policy }) => policy);
  // The same document may be a policy, too: only in its place as a limit it has no part.
  const boundary = limitsOf(live).map((limit) =>
    mapPolicies(limit, (policy) =>
      old.some((other) => isSameText(policy, other)) ? { ...policy, statements: [] } : policy,
    ),
  );
  return { policies: live.policies, boundary };
}

/** A document that came as a value has no text; its statements tell. */
function isSameText(a: Policy, b: Policy): boolean {
  if (a.source !== '' && a.source === b.source) return true;
  return (
    a.statements.length === b.statements.length &&
    a.statements.every((statement, index) => {
      const other = b.statements[index];
      return other !== undefined && sameWords(statement, other);
    })
  );
}

/** The set of `before` that the given one is held against first: the only one, or that of the same document. */
function counterpart({ policies }: PolicySet, before: readonly PolicySet[]): PolicySet | undefined {
  return before.length === 1 ? before[0] : before.find((set) => set.policies[0]?.name === policies[0]?.name);
}

function onlyDenies(set: PolicySet): PolicySet {
  return mapPolicies(set, (policy) => ({
    ...policy,
    statements: policy.statements.filter(({ effect }) => effect === 'Deny'),
  }));
}

/** The Denies of the existing set that stood alone between the witness and its being granted before. */
function removedDenies(existing: PolicySet, witness: Request): Reason[] {
  const documents = documentsOf(existing);
  const isDeny = ({ effect }: Statement) => effect === 'Deny';
  if (!documents.some(({ policy }) => policy.statements.some(isDeny))) return [];
  const withoutDenies = mapPolicies(existing, (policy) => ({
    ...policy,
    statements: policy.statements.filter((statement) => !isDeny(statement)),
  }));
  if (!isGranted(withoutDenies, witness)) return [];
  return documents.flatMap(({ name, policy }) =>
    policy.statements
      .filter((statement) => isDeny(statement) && matches(statement, witness))
      .map((statement) => ({
        description: `The request was denied before by the statement ${which(statement)}`,
        statementIndex: statement.index,
        ...(statement.sid === undefined ? {} : { statementId: statement.sid }),
        ...(documents.length > 1 || name !== '' ? { document: name } : {}),
      })),
  );
}
