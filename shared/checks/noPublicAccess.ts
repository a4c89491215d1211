/** Does the policy grant to a stranger? Public iff it does; see `strangers.ts` for who is one. */
import { encodeStatement } from '../encoder/encodeStatement.ts';
import { askFor, encodeSet } from '../encoder/question.ts';
import { and, not } from '../formula/build.ts';
import type { Condition, Policy } from '../policy/ast.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { type Check, confirmLinked, policiesOf, statementsWith, which } from './check.ts';
import { isGranted } from './noNewAccess.ts';
import { once } from './once.ts';
import { strangersTo } from './strangers.ts';

const PASS_MESSAGE = 'The resource policy does not grant public access for the given resource type.';
const FAIL_MESSAGE = 'The resource policy grants public access for the given resource type.';
const S3_NOTE =
  "S3's own check ignores Deny statements and treats policy variables as wildcards; it would call this policy public.";
const GUEST_NOTE =
  'Guests of the identity pool, if it has them, can assume the role: nothing requires `cognito-identity.amazonaws.com:amr` to be `authenticated`.';

const OPTIONS = { linkPrincipal: true };

/** Types of resource that S3's classifier judges. */
const OF_S3: ReadonlySet<string> = new Set(['AWS::S3::Bucket', 'AWS::S3::AccessPoint']);

/** Returns the check that fails iff the set grants to a stranger. `resourceType` as in CloudFormation: `AWS::S3::Bucket`. */
export function noPublicAccess(set: PolicySet, resourceType: string): Check {
  const policies = policiesOf(set);
  const strangers = strangersTo(policies, resourceType);
  const guests = once(() => strangersTo(policies, resourceType, { guests: 'all' }));
  const granted = once(() => {
    const { allowed, withinBoundary, denied } = encodeSet(set, OPTIONS);
    return and([allowed, withinBoundary, not(denied)]);
  });
  return {
    candidates: statementsWith('Allow', set).map(({ statement, document }) => ({
      statement,
      document,
      question: () =>
        askFor(and([encodeStatement(statement, OPTIONS), strangers.formula, granted()]), OPTIONS),
    })),
    confirm: confirmLinked(
      (request) => strangers.includes(request) && isGranted(set, request),
      policies,
      OPTIONS,
    ),
    passMessage: PASS_MESSAGE,
    failMessage: FAIL_MESSAGE,
    describe: (statement) => `Public access granted in the following statement ${which(statement)}`,
    policies,
    linkPrincipal: true,
    keepPrincipal: true,
    resourceType,
    passNotes: [
      ...(strangers.mayBeGuests
        ? [{ text: GUEST_NOTE, question: () => askFor(and([guests().formula, granted()]), OPTIONS) }]
        : []),
      ...(OF_S3.has(resourceType) ? [{ text: S3_NOTE, question: () => askS3(set, resourceType) }] : []),
    ],
  };
}

/** Asks as S3's classifier does. Source: S3 User Guide, "The meaning of public". */
function askS3(set: PolicySet, resourceType: string) {
  const policies = set.policies.map(({ name, policy }) => ({ name, policy: asS3Reads(policy) }));
  const strangers = strangersTo(
    policies.map(({ policy }) => policy),
    resourceType,
  );
  return askFor(and([strangers.formula, encodeSet({ policies }, OPTIONS).allowed]), OPTIONS);
}

function asS3Reads(policy: Policy): Policy {
  return {
    ...policy,
    statements: policy.statements
      .filter(({ effect }) => effect === 'Allow')
      .map((statement) => ({ ...statement, conditions: statement.conditions.filter(anchorsInS3) })),
  };
}

/** False of values with a policy variable, which fix nothing there, and of user ids in any form but `AROLEID:*`. */
function anchorsInS3({ key, test }: Condition): boolean {
  const patterns = test.kind === 'string' ? test.patterns : test.kind === 'arn' ? test.patterns.flat() : [];
  if (patterns.some((pattern) => pattern.some(({ kind }) => kind === 'variable'))) return false;
  if (key !== 'aws:userid') return true;
  return patterns.every(
    ([id, rest, ...others]) =>
      id?.kind === 'text' && /^[^:]+:$/.test(id.text) && rest?.kind === 'star' && others.length === 0,
  );
}
