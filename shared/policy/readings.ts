/**
 * Where AWS can be read in two ways: each construct with its two readings, as data. The parser's tree is the first
 * reading; `reread` gives a statement under the other. Encoder and evaluator know nothing of it: they read the tree
 * that they are given.
 *
 * A new construct is a row here, and (where the tree does not show it yet) a mark of the parser.
 */
import type { ResourcePattern, Statement } from './ast.ts';
import { asOwnApi, isOfUnknownApi } from './dialects.ts';

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

const NONE: readonly Construct[] = [];
const known = new WeakMap<Statement, readonly Construct[]>();

/** Returns the constructs of a statement, in the order of the table. */
export function constructsOf(statement: Statement): readonly Construct[] {
  let found = known.get(statement);
  if (found === undefined) {
    found = CONSTRUCTS.filter(({ isIn }) => isIn(statement));
    if (found.length === 0) found = NONE;
    known.set(statement, found);
  }
  return found;
}

/** Returns the statement under the other reading of the constructs; the same object where it has none of them. */
export function reread(statement: Statement, constructs: readonly Construct[]): Statement {
  return constructs.reduce((changed, construct) => construct.reread(changed), statement);
}
