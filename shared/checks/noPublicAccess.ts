/**
 * Does the policy grant to someone whom nothing in it fixes? Everything that could anchor trust is given a value
 * that nothing in the policy names: the principal is a stranger, and each anchor key (`ANCHORS`) is absent or holds
 * such a value, and one only: nobody comes from two organizations or addresses at once. A wildcard names nothing.
 * Public iff access is still granted.
 */
import { outsiderGlobs } from '../encoder/encodePrincipal.ts';
import { encodeStatement } from '../encoder/encodeStatement.ts';
import { askFor, encodeSet } from '../encoder/question.ts';
import type { Request } from '../evaluator/request.ts';
import { and, not, REST, several, someValue, text } from '../formula/build.ts';
import { evaluateFormula } from '../formula/evaluateFormula.ts';
import type { Formula, Glob } from '../formula/formula.ts';
import { ANCHORS, type AnchorShape } from '../policy/anchors.ts';
import type { Condition, ConditionTest, IpRange, Pattern, Policy } from '../policy/ast.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { type Check, once, policiesOf, statementsWith, which } from './check.ts';
import { isGranted } from './noNewAccess.ts';
import type { Scope } from './scope.ts';

const PASS_MESSAGE = 'The resource policy does not grant public access for the given resource type.';
const FAIL_MESSAGE = 'The resource policy grants public access for the given resource type.';
const S3_NOTE =
  "S3's own classifier ignores Deny statements and would call this policy public; the Deny statements keep it from being so.";

/** Returns the check that fails iff the set grants to a stranger. `resourceType` as in CloudFormation: `AWS::S3::Bucket`. */
export function noPublicAccess(set: PolicySet, resourceType: string): Check {
  const options = { linkPrincipal: true };
  const policies = policiesOf(set);
  const { formula: unanchored, principals: strangers, includes } = strangerScope(policies);
  const rest = once(() => {
    const { allowed, withinBoundary, denied } = encodeSet(set, options);
    return and([unanchored, allowed, withinBoundary, not(denied)]);
  });
  return {
    candidates: statementsWith('Allow', set).map(({ statement, document }) => ({
      statement,
      document,
      question: () => askFor(and([encodeStatement(statement, options), rest()]), strangers),
    })),
    confirm: (request) => includes(request) && isGranted(set, request),
    passMessage: PASS_MESSAGE,
    failMessage: FAIL_MESSAGE,
    describe: (statement) => `Public access granted in the following statement ${which(statement)}`,
    policies,
    linkPrincipal: true,
    ...(resourceType === 'AWS::S3::Bucket'
      ? {
          passNote: {
            text: S3_NOTE,
            question: () => askFor(and([unanchored, encodeSet(set, options).allowed]), strangers),
          },
        }
      : {}),
  };
}

/** Returns the scope of the requests of someone whom nothing in the policies names. */
export function strangerScope(policies: readonly Policy[]): Scope & Required<Pick<Scope, 'principals'>> {
  const account = unnamedAccount(policies);
  const unanchored = and(
    policies
      .flatMap((policy) => policy.statements)
      .flatMap(({ conditions }) => conditions.flatMap(unnamedValue)),
  );
  return {
    formula: unanchored,
    principals: strangerGlobs(account),
    includes: (request) => isStranger(request, account) && holdsFor(unanchored, request),
  };
}

const SERVICE = 'stranger.example.com';
const PROVIDER = 'provider.example.com';
const CANONICAL = '0123456789abcdef'.repeat(4);

function strangerGlobs(account: string): Glob[] {
  return [
    text('Anonymous:'),
    ...outsiderGlobs(account),
    text(`Service:${SERVICE}`),
    text(`Federated:${PROVIDER}`),
    text(`CanonicalUser:${CANONICAL}`),
  ];
}

/** The same, said of a request. */
function isStranger({ principal }: Request, account: string): boolean {
  switch (principal?.type) {
    case 'Anonymous':
      return true;
    case 'AWS':
      return principal.value.split(':')[4] === account;
    case 'Service':
      return principal.value === SERVICE;
    case 'Federated':
      return principal.value === PROVIDER;
    default:
      return principal?.value === CANONICAL;
  }
}

/** An account id that no policy holds anywhere in its text. */
function unnamedAccount(policies: readonly Policy[]): string {
  const digits = ['999999999999', '888888888888', '777777777777', '666666666666', '555555555555'];
  const named = new Set(
    policies.flatMap((policy) => JSON.stringify(policy.statements, bigintAsText).match(/\d{12}/g) ?? []),
  );
  for (let n = 0n; ; n++) {
    const candidate = digits[Number(n)] ?? String(900000000000n + n);
    if (!named.has(candidate)) return candidate;
  }
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** What a stranger's value of the condition's key must not be; nothing for keys that anchor no trust. */
function unnamedValue({ key, test }: Condition): Formula[] {
  const shape = ANCHORS[key];
  if (shape === undefined) return [];
  // A principal is in several units of one organization; every other anchor is documented to hold one value.
  return shape === 'organizationPath'
    ? unnamedBy(key, test, shape)
    : [not(several(key)), ...unnamedBy(key, test, shape)];
}

function unnamedBy(key: string, test: ConditionTest, shape: AnchorShape): Formula[] {
  switch (test.kind) {
    case 'string':
      return [
        not(
          someValue(key, {
            kind: 'text',
            globs: test.patterns.flatMap((pattern) => named(pattern, shape, test.foldCase)),
          }),
        ),
      ];
    case 'arn':
      return [
        not(
          someValue(key, {
            kind: 'text',
            globs: test.patterns.flatMap((parts) => named(joined(parts), shape, false)),
          }),
        ),
      ];
    case 'ip':
      return [not(someValue(key, { kind: 'ip', ranges: test.ranges.filter(isNarrow) }))];
    default:
      return [];
  }
}

function joined(parts: readonly Pattern[]): Pattern {
  return parts.flatMap((part, index) =>
    index === 0 ? part : [{ kind: 'text', text: ':' } as const, ...part],
  );
}

/** Globs for what the pattern names. */
function named(pattern: Pattern, shape: AnchorShape, foldCase: boolean): Glob[] {
  const literal = pattern.every((token) => token.kind === 'text')
    ? pattern.map((token) => ('text' in token ? token.text : '')).join('')
    : undefined;
  const globs: Glob[] = literal === undefined ? [] : [text(literal, foldCase)];
  const prefix = pattern[0]?.kind === 'text' ? pattern[0].text : '';
  if (shape === 'arn' || shape === 'account') {
    // An account that the pattern names fixes trust even beside wildcards; a stranger's ARN does not hold it.
    for (const token of pattern) {
      if (token.kind !== 'text') continue;
      for (const [account] of token.text.matchAll(/(?<!\d)\d{12}(?!\d)/g))
        globs.push([REST, ...text(account), REST]);
    }
  } else if (shape === 'organizationPath') {
    const [organization = '', ...others] = prefix.split('/');
    if (others.length > 0 && organization !== '') globs.push([...text(`${organization}/`), REST]);
  } else if (shape === 'uniqueId') {
    const [id = '', ...others] = prefix.split(':');
    if (others.length > 0 && id !== '') globs.push([...text(`${id}:`), REST]);
  }
  return globs;
}

/** RFC 1918: addresses that no stranger comes from. */
const PRIVATE = [
  { first: 0x0a000000n, last: 0x0affffffn },
  { first: 0xac100000n, last: 0xac1fffffn },
  { first: 0xc0a80000n, last: 0xc0a8ffffn },
];

/** Narrow enough to name somebody. Source: S3 User Guide, "The meaning of public". */
function isNarrow({ version, first, last, prefixLength }: IpRange): boolean {
  if (version === 6) return prefixLength > 32;
  return prefixLength > 8 || PRIVATE.some((range) => range.first <= first && last <= range.last);
}

/** True iff a formula over keys alone holds for the request's context. */
function holdsFor(formula: Formula, { context }: Request): boolean {
  const keys = Object.fromEntries(
    Object.entries(context).map(([key, values]) => [key.toLowerCase(), values]),
  );
  return evaluateFormula(formula, { scalars: { action: '', resource: '', principal: '' }, keys });
}
