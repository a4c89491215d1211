/**
 * Which caller's requests can hold which keys, and what AWS's callers are called. A request that its caller could not make
 * is no witness.
 * Source: IAM User Guide, "AWS global condition context keys", the Availability of each, and "IAM policy elements:
 * Variables", where the request context of each kind of principal is told; "Names, paths and unique identifiers".
 */
import type { Request } from '../evaluator/request.ts';
import { and, member, not, or, PART, present, REST, someValue, text } from '../formula/build.ts';
import { evaluateFormula } from '../formula/evaluateFormula.ts';
import type { Formula, Glob, GlobToken } from '../formula/formula.ts';
import { REGIONS } from './arnParts.ts';
import { valuesNamed } from './shapes.ts';

const ONE: GlobToken = { kind: 'one', of: 'any' };
const entity = (service: string, start: Glob): Glob => [
  ...text('arn:'),
  PART,
  ...text(`:${service}::`),
  PART,
  ...text(':'),
  ...start,
];

const ANONYMOUS: Glob = text('Anonymous:');
const SERVICE: Glob = [...text('Service:'), REST];
const ROOT: Glob = [...text('AWS::'), ...entity('iam', text('root'))];
const USER: Glob = [...text('AWS::'), ...entity('iam', [...text('user/'), REST])];
const FEDERATED_USER: Glob = [
  ...text('AWS:'),
  PART,
  ...text(':'),
  ...entity('sts', [...text('federated-user/'), REST]),
];

/** Nobody signs in, and no service as itself, with what these tell of. */
const UNSIGNED: readonly Glob[] = [ANONYMOUS, SERVICE];
/** Keys of a role's session. */
const NO_ROLES: readonly Glob[] = [...UNSIGNED, ROOT, USER, FEDERATED_USER];

/** By the beginning of the lower-case key: whose requests never hold it. */
const LACKING: readonly (readonly [string, readonly Glob[]])[] = [
  ['aws:principaltag/', [...UNSIGNED, ROOT]],
  ['aws:multifactorauth', UNSIGNED],
  ['aws:tokenissuetime', UNSIGNED],
  ['aws:calledvia', UNSIGNED],
  ['aws:sourceidentity', NO_ROLES],
  ['aws:federatedprovider', NO_ROLES],
  ['aws:ec2instancesource', NO_ROLES],
  ['ec2:sourceinstancearn', NO_ROLES],
  ['ec2:roledelivery', NO_ROLES],
  ['lambda:sourcefunctionarn', NO_ROLES],
  ['ssm:sourceinstancearn', NO_ROLES],
];

/** A service has a domain's name; names of users, roles and sessions hold no wildcard. */
const NAMED: Formula = and([
  or([
    not(member('principal', [SERVICE])),
    member('principal', [[...text('Service:'), ONE, REST, ...text('.'), ONE, REST]]),
  ]),
  not(
    member(
      'principal',
      ['*', '?'].map((sign) => [...text('AWS:'), REST, ...text(sign), REST]),
    ),
  ),
]);

const NAMES = 'aws:principalservicenameslist';

/** The list of a service's names holds no other's: of a name, only that service and its Regions have it. */
function withNames(formula: Formula): Formula[] {
  return valuesNamed(formula, NAMES).map((name) => {
    const [first = '', ...rest] = name.split('.');
    const regional = REGIONS.map((region) => [first, region, ...rest].join('.'));
    const own = [name, ...regional].map((one) => text(`Service:${one}`));
    return or([not(someValue(NAMES, { kind: 'text', globs: [text(name)] })), member('principal', own)]);
  });
}

/**
 * Returns a formula that is true iff the caller is one of AWS's and could hold those of `keys` (lower-case) that the
 * request holds. `formula`: the question's.
 */
export function callersHolding(keys: Iterable<string>, formula: Formula): Formula {
  const lacking = [...keys].flatMap((key) =>
    LACKING.filter(([start]) => key.startsWith(start)).map(([, globs]) =>
      or([not(present(key)), not(member('principal', globs))]),
    ),
  );
  return and([NAMED, ...lacking, ...withNames(formula)]);
}

/** Returns true iff the request's caller is as the formula of `callersHolding` says, and its values as that of `wellShaped`. */
export function couldBeMade(shapes: Formula, { principal, context }: Request): boolean {
  const keys = Object.fromEntries(
    Object.entries(context).map(([key, values]) => [key.toLowerCase(), values]),
  );
  const scalars = { action: '', resource: '', principal: textOf(principal) };
  return evaluateFormula(shapes, { scalars, keys });
}

const SESSION = /^(arn:[^:]*:)sts(::[^:]*:)assumed-role\/([^/]*)\/(.*)$/s;

/** The caller as the attribute `principal` has it. */
function textOf(principal: Request['principal']): string {
  if (principal === undefined) return '';
  const { type, value } = principal;
  if (type !== 'AWS') return `${type}:${value}`;
  if (!value.startsWith('arn:')) return `AWSID:${value}`;
  const [, arn, account, role, session] = SESSION.exec(value) ?? [];
  return arn === undefined ? `AWS::${value}` : `AWS:${session}:${arn}iam${account}role/${role}`;
}
