/**
 * The table of condition operators. Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
 * Names are as documented and read without case: AWS does not say whether case counts, and a reading that takes more
 * spellings than AWS stores can only be asked about documents that AWS does not hold.
 */
import type { Comparison, ConditionTest } from './ast.ts';

export type Operator = {
  readonly name: string;
  readonly kind: ConditionTest['kind'];
  readonly negated: boolean;
  /** For `string`: compared without case. */
  readonly foldCase?: true;
  /** For `string`: `*` and `?` are wildcards. */
  readonly wildcards?: true;
  /** For `number` and `date`. */
  readonly comparison?: Comparison;
};

const ordered = (family: 'Numeric' | 'Date', kind: 'number' | 'date'): Operator[] => [
  { name: `${family}Equals`, kind, negated: false, comparison: '=' },
  { name: `${family}NotEquals`, kind, negated: true, comparison: '=' },
  { name: `${family}LessThan`, kind, negated: false, comparison: '<' },
  { name: `${family}LessThanEquals`, kind, negated: false, comparison: '<=' },
  { name: `${family}GreaterThan`, kind, negated: false, comparison: '>' },
  { name: `${family}GreaterThanEquals`, kind, negated: false, comparison: '>=' },
];

/** Every documented operator, without quantifiers and `IfExists`. */
export const OPERATORS: readonly Operator[] = [
  { name: 'StringEquals', kind: 'string', negated: false },
  { name: 'StringNotEquals', kind: 'string', negated: true },
  { name: 'StringEqualsIgnoreCase', kind: 'string', negated: false, foldCase: true },
  { name: 'StringNotEqualsIgnoreCase', kind: 'string', negated: true, foldCase: true },
  { name: 'StringLike', kind: 'string', negated: false, wildcards: true },
  { name: 'StringNotLike', kind: 'string', negated: true, wildcards: true },
  { name: 'ArnEquals', kind: 'arn', negated: false },
  { name: 'ArnNotEquals', kind: 'arn', negated: true },
  { name: 'ArnLike', kind: 'arn', negated: false },
  { name: 'ArnNotLike', kind: 'arn', negated: true },
  ...ordered('Numeric', 'number'),
  ...ordered('Date', 'date'),
  { name: 'Bool', kind: 'bool', negated: false },
  { name: 'BinaryEquals', kind: 'binary', negated: false },
  { name: 'IpAddress', kind: 'ip', negated: false },
  { name: 'NotIpAddress', kind: 'ip', negated: true },
  { name: 'Null', kind: 'null', negated: false },
];

const byName: ReadonlyMap<string, Operator> = new Map(
  OPERATORS.map((operator) => [operator.name.toLowerCase(), operator]),
);

type OperatorUse = {
  readonly operator: Operator;
  readonly quantifier?: 'ForAllValues' | 'ForAnyValue';
  readonly ifExists: boolean;
};

/** Returns the operator with its quantifier and `IfExists`, or undefined when there is none of that name. */
export function parseOperator(text: string): OperatorUse | undefined {
  const known = uses.get(text);
  if (known !== undefined) return known;
  const use = parseUse(text);
  // Names come from policies; only real operators are remembered, so the map stays small.
  if (use !== undefined && uses.size < 1000) uses.set(text, use);
  return use;
}

const uses = new Map<string, OperatorUse>();

function parseUse(text: string): OperatorUse | undefined {
  const [, prefix, name = '', suffix] =
    /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/.exec(text.toLowerCase()) ?? [];
  const operator = byName.get(name);
  if (operator === undefined || (operator.kind === 'null' && suffix !== undefined)) return undefined;
  const ifExists = suffix !== undefined;
  if (prefix === undefined) return { operator, ifExists };
  return { operator, ifExists, quantifier: prefix === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue' };
}
