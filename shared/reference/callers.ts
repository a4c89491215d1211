/**
 * Which caller's requests can hold which keys, and what AWS's callers are called. A request that its caller could not make
 * is no witness.
 * Source: IAM User Guide, "AWS global condition context keys", the Availability of each, and "IAM policy elements:
 * Variables", where the request context of each kind of principal is told; "Names, paths and unique identifiers".
 */
import type { Request } from '../evaluator/request.ts';
import { and, member, not, or, PART, present, REST, someValue, TRUE, text } from '../formula/build.ts';
import { evaluateFormula } from '../formula/evaluateFormula.ts';
import type { Formula, Glob, GlobToken } from '../formula/formula.ts';
import { PARTITIONS, regionsOf } from '../policy/arn.ts';
import { withoutRegion } from './arnParts.ts';
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
const ROLE: Glob = [...text('AWS:'), PART, ...text(':'), ...entity('iam', [...text('role/'), REST])];
const USER: Glob = [...text('AWS::'), ...entity('iam', [...text('user/'), REST])];
const FEDERATED_USER: Glob = [
  ...text('AWS:'),
  PART,
  ...text(':'),
  ...entity('sts', [...text('federated-user/'), REST]),
];

const SIGNING_IN: Glob = [...text('Federated:'), REST];

/** Nobody signs in, and no service as itself, with what these tell of. */
const UNSIGNED: readonly Glob[] = [ANONYMOUS, SERVICE];
/** Keys of a role's session: "Properties of a role session", each with its own Availability. */
const NO_ROLES: readonly Glob[] = [...UNSIGNED, ROOT, USER, FEDERATED_USER];

/** By the beginning of the lower-case key: whose requests never hold it. */
const LACKING: readonly (readonly [string, readonly Glob[]])[] = [
  ['aws:principaltag/', [...UNSIGNED, ROOT]],
  // "Not present for federated identities".
  ['aws:multifactorauth', [...UNSIGNED, FEDERATED_USER, SIGNING_IN]],
  ['aws:tokenissuetime', UNSIGNED],
  ['aws:signinsessionarn', UNSIGNED],
  ['aws:calledvia', UNSIGNED],
  ['aws:assumedroot', [...UNSIGNED, USER, FEDERATED_USER, SIGNING_IN, ROLE]],
  ['aws:sourceidentity', NO_ROLES],
  ['aws:federatedprovider', NO_ROLES],
  ['aws:chatbotsourcearn', NO_ROLES],
  ['aws:ec2instancesource', NO_ROLES],
  ['ec2:sourceinstancearn', NO_ROLES],
  ['ec2:roledelivery', NO_ROLES],
  ['codebuild:buildarn', NO_ROLES],
  ['codebuild:projectarn', NO_ROLES],
  ['glue:credentialissuingservice', NO_ROLES],
  ['glue:roleassumedby', NO_ROLES],
  ['lambda:sourcefunctionarn', NO_ROLES],
  ['ssm:sourceinstancearn', NO_ROLES],
];

/** Keys of requests through a VPC endpoint: those have no `aws:SourceIp`. */
const THROUGH_ENDPOINT = new Set([
  'aws:sourcevpc',
  'aws:sourcevpcarn',
  'aws:sourcevpce',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
  'aws:vpcsourceip',
]);

/** Returns a formula that is true iff some request could hold those of `keys` (lower-case) together that the request holds. */
export function heldTogether(keys: Iterable<string>): Formula {
  const all = new Set(keys);
  if (!all.has('aws:sourceip')) return TRUE;
  const through = [...all].filter((key) => THROUGH_ENDPOINT.has(key)).map(present);
  return not(and([present('aws:sourceip'), or(through)]));
}

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

/** The list of a service's names holds no other's: of a name, only that service, by its name and in its Regions, has it. */
function withNames(formula: Formula): Formula[] {
  return valuesNamed(formula, NAMES).map((name) => {
    const [first = '', ...rest] = withoutRegion(name).split('.');
    const regional = PARTITIONS.flatMap(regionsOf).map((region) => [first, region, ...rest].join('.'));
    const own = [name, withoutRegion(name), ...regional].map((one) => text(`Service:${one}`));
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
