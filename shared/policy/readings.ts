/**
 * Where AWS can be read in two ways: each construct with its two readings, as data. The parser's tree is the first
 * reading; `reread` gives a statement under the other. Encoder and evaluator know nothing of it: they read the tree
 * that they are given.
 *
 * A new construct is a row here, and (where the tree does not show it yet) a mark of the parser.
 */
import type {
  Condition,
  ConditionTest,
  Policy,
  PrincipalElement,
  ResourcePattern,
  Statement,
} from './ast.ts';
import { isSingleValued } from './cardinality.ts';
import { asOwnApi, isOfUnknownApi } from './dialects.ts';
import { asAtGateway, asEverybody, withoutNamed } from './endpointPrincipals.ts';

/** One construct. */
export type Construct = {
  /** What it is: `an incomplete ARN …`. */
  readonly name: string;
  /** What the tree says of it, and what it says reread: ends a sentence that begins with the name. */
  readonly readings: readonly [first: string, other: string];
  /** Returns true iff the statement is understood in two ways because of it. */
  readonly isIn: (statement: Statement) => boolean;
  /** Returns the statement under the other reading; the same object where the construct is not in it. */
  readonly reread: (statement: Statement) => Statement;
};

/** Every construct, in the order in which they are reread together. */
export const CONSTRUCTS: readonly Construct[] = [
  {
    // IAM was seen to refuse it; what is held all the same may be completed as IAM User Guide, "IAM identifiers", has it.
    name: 'an ARN that AWS does not document as it stands (incomplete, or with a wildcard for its service)',
    readings: ['is completed with `*`', 'matches nothing'],
    ...resourceConstruct('refused-arn'),
  },
  {
    // IAM User Guide, "IAM JSON policy elements: Resource": such a `*` "can expand to match beyond the colon boundaries".
    name: 'an ARN with `*` before a colon and no account where one stands',
    readings: ['is matched part by part', 'is matched as one text'],
    ...resourceConstruct('irregular-account'),
  },
  {
    // A policy of an API speaks of that API alone; which it is, the short form does not say.
    name: 'an API written both in short and in full',
    readings: ['is another API', 'is the same API'],
    isIn: ({ resource }) => resource?.patterns.some(isOfUnknown) === true,
    reread: (statement) => withResources(statement, asOwn),
  },
  {
    // AWS says of `…IfExists` that an absent key meets it, and of `ForAnyValue` that an absent key does not.
    name: 'a condition `ForAnyValue:…IfExists` on an absent key',
    readings: ['is true', 'is false'],
    ...conditionConstruct((condition) =>
      condition.quantifier === 'ForAnyValue' && condition.ifExists
        ? { ...condition, ifExists: false }
        : undefined,
    ),
  },
  {
    // IAM User Guide, "Set operators for multivalued context keys", asks for a quantifier and does not say what else.
    name: 'a condition without a quantifier on a key with several values',
    readings: ['is false', 'is true where one of them meets it'],
    ...conditionConstruct((condition) =>
      condition.quantifier === undefined && condition.test.kind !== 'null' && !isSingleValued(condition.key)
        ? { ...condition, quantifier: 'ForAnyValue', ifExists: condition.ifExists || condition.negated }
        : undefined,
    ),
  },
  {
    // AWS documents the empty list for operators that are not negated alone.
    name: 'a negated condition without a value that anything could match',
    readings: ['is true', 'is false'],
    ...conditionConstruct(({ quantifier: _, ...condition }) =>
      condition.negated && isEmptyList(condition.test)
        ? { ...condition, negated: false, ifExists: false }
        : undefined,
    ),
  },
  {
    // IAM User Guide, "IAM identifiers", completes incomplete ARNs of resources, and says nothing of those in conditions.
    name: 'an incomplete ARN in a condition',
    readings: ['is completed with `*`', 'matches nothing'],
    ...conditionConstruct((condition) =>
      condition.test.kind === 'arn' && condition.test.complete !== undefined
        ? { ...condition, test: { kind: 'arn', patterns: condition.test.complete } }
        : undefined,
    ),
  },
  {
    // See `endpointPrincipals.ts`. Of which type an endpoint is, its policy does not say.
    name: 'an account in the policy of a VPC endpoint that may be a gateway',
    readings: ['is everybody in it', 'is its root user alone'],
    ...principalConstruct(asAtGateway),
  },
  {
    // AWS says whom access is granted to there, and not whom it is denied.
    name: 'an account that a gateway endpoint’s policy denies, or excepts',
    readings: ['is its root user alone', 'is everybody in it'],
    ...principalConstruct(asEverybody),
  },
  {
    // AWS says that nobody can be named there, and not what it makes of a name.
    name: 'a principal named in the policy of a VPC endpoint that is or may be a gateway',
    readings: ['is who it is elsewhere', 'is nobody'],
    ...principalConstruct(withoutNamed),
  },
];

type ResourceReadings = NonNullable<Extract<ResourcePattern, { kind: 'arn' }>['readings']>;

function resourceConstruct(construct: keyof ResourceReadings): Pick<Construct, 'isIn' | 'reread'> {
  const other = (pattern: ResourcePattern) =>
    pattern.kind === 'arn' && pattern.readings !== undefined ? pattern.readings[construct] : undefined;
  return {
    isIn: ({ resource }) => resource?.patterns.some((pattern) => other(pattern) !== undefined) === true,
    reread: (statement) => withResources(statement, other),
  };
}

function principalConstruct(
  other: (element: PrincipalElement, effect: Statement['effect']) => PrincipalElement | undefined,
): Pick<Construct, 'isIn' | 'reread'> {
  const otherOf = ({ principal, effect }: Statement) => principal && other(principal, effect);
  return {
    isIn: (statement) => otherOf(statement) !== undefined,
    reread: (statement) => {
      const principal = otherOf(statement);
      return principal === undefined ? statement : { ...statement, principal };
    },
  };
}

function conditionConstruct(
  other: (condition: Condition) => Condition | undefined,
): Pick<Construct, 'isIn' | 'reread'> {
  const isIn = ({ conditions }: Statement) => conditions.some((condition) => other(condition) !== undefined);
  return {
    isIn,
    reread: (statement) =>
      isIn(statement)
        ? { ...statement, conditions: statement.conditions.map((condition) => other(condition) ?? condition) }
        : statement,
  };
}

/** True iff there is nothing to compare with. */
function isEmptyList(test: ConditionTest): boolean {
  switch (test.kind) {
    case 'string':
    case 'arn':
      return test.patterns.length === 0;
    case 'ip':
      return test.ranges.length === 0;
    default:
      return test.values.length === 0;
  }
}

function isOfUnknown(pattern: ResourcePattern): boolean {
  return pattern.kind === 'arn' && isOfUnknownApi(pattern.parts);
}

function asOwn(pattern: ResourcePattern): ResourcePattern | undefined {
  if (pattern.kind !== 'arn' || isOfUnknownApi(pattern.parts)) return undefined;
  const parts = asOwnApi(pattern.parts);
  return parts && { kind: 'arn', text: pattern.text, parts };
}

/** The statement with those resources that `change` gives another pattern for. */
function withResources(
  statement: Statement,
  change: (pattern: ResourcePattern) => ResourcePattern | undefined,
): Statement {
  const { resource } = statement;
  if (resource === undefined || resource.patterns.every((pattern) => change(pattern) === undefined))
    return statement;
  const patterns = resource.patterns.map((pattern) => change(pattern) ?? pattern);
  return { ...statement, resource: { negated: resource.negated, patterns } };
}

const known = new WeakMap<Policy, readonly Construct[]>();

/** Returns the constructs of a policy's statements, in the order of the table. */
export function constructsOf(policy: Policy): readonly Construct[] {
  let found = known.get(policy);
  if (found === undefined) {
    found = CONSTRUCTS.filter(({ isIn }) => policy.statements.some(isIn));
    known.set(policy, found);
  }
  return found;
}

/** Returns the statement under the other reading of the constructs; the same object where it has none of them. */
export function reread(statement: Statement, constructs: readonly Construct[]): Statement {
  return constructs.reduce((changed, construct) => construct.reread(changed), statement);
}
