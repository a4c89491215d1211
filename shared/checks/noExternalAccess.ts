/** Does the policy grant to a principal outside the zone of trust? */

import { accountGlobs } from '../encoder/encodePrincipal.ts';
import { encodeStatement } from '../encoder/encodeStatement.ts';
import { askFor, encodeSet } from '../encoder/question.ts';
import type { Request } from '../evaluator/request.ts';
import { and, concat, member, not, or, PART, REST, someValue, text } from '../formula/build.ts';
import type { Formula, Glob } from '../formula/formula.ts';
import { parseArn } from '../policy/arn.ts';
import type { Policy } from '../policy/ast.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { keyOfClaim, type TrustedProvider, trustProblem } from '../policy/trustedProviders.ts';
import { inRegions, withoutRegion } from '../reference/arnParts.ts';
import { type Check, confirmLinked, policiesOf, statementsWith, which } from './check.ts';
import { isGranted } from './noNewAccess.ts';
import { once } from './once.ts';
import type { Scope } from './scope.ts';

/** The zone of trust. */
export type Trusted = {
  /** 12-digit account ids. */
  readonly accounts?: readonly string[];
  /** Organization ids, `o-…`. */
  readonly organizations?: readonly string[];
  /** Service principals, with their names in the Regions; `*` stands for any characters: `*.amazonaws.com`. */
  readonly services?: readonly string[];
  /** Service principals, trusted only in calls that show an account or organization of the zone as their source. */
  readonly servicesOnBehalf?: readonly string[];
  /** One that `trustProblem` objects to is not trusted. */
  readonly identityProviders?: readonly TrustedProvider[];
  /** The SAML provider that IAM Identity Center keeps in each account is trusted. */
  readonly identityCenter?: boolean;
};

const SOURCE_ARN = 'aws:sourcearn';
const SOURCE_ACCOUNT = 'aws:sourceaccount';
const SOURCE_OWNER = 'aws:sourceowner';
const SOURCE_ORGANIZATION = 'aws:sourceorgid';
const SOURCE_PATHS = 'aws:sourceorgpaths';

/** Returns the check that fails iff the set grants to a principal that is in none of what is listed. */
export function noExternalAccess(set: PolicySet, trusted: Trusted): Check {
  const options = { linkPrincipal: true };
  const policies = policiesOf(set);
  const outside = outsideScope(trusted, policies);
  const isOfIdentity = policies.every(({ policyType }) => policyType === 'IDENTITY_POLICY');
  const what = isOfIdentity ? 'The policy' : 'The resource policy';
  const rest = once(() => {
    const { allowed, withinBoundary, denied } = encodeSet(set, options);
    return and([outside.formula, allowed, withinBoundary, not(denied)]);
  });
  return {
    candidates: statementsWith('Allow', set).map(({ statement, document }) => ({
      statement,
      document,
      question: () => askFor(and([encodeStatement(statement, options), rest()]), options),
    })),
    confirm: confirmLinked(
      (request) => outside.includes(request) && isGranted(set, request),
      policies,
      options,
    ),
    passMessage: `${what} does not grant access outside the zone of trust.`,
    failMessage: `${what} grants access outside the zone of trust.`,
    describe: (statement) => `Access outside the zone of trust in the statement ${which(statement)}`,
    policies,
    linkPrincipal: true,
  };
}

/**
 * Returns the scope of the requests of whoever is outside the zone of trust: a principal that is in none of it, or a
 * service that calls for an account or organization outside which the policies name.
 */
export function outsideScope(trusted: Trusted, policies: readonly Policy[]): Scope {
  const sources = foreignSources(policies, trusted);
  const callers = trustedCallers(trusted);
  return {
    formula: and([
      not(encodeTrustedKeys(trusted)),
      not(or(callers.map(encodeCaller))),
      not(
        and([
          member('principal', (trusted.servicesOnBehalf ?? []).flatMap(serviceGlobs)),
          encodeSources(trusted),
        ]),
      ),
      or([not(member('principal', trustedPrincipals(trusted))), encodeSources(sources)]),
    ]),
    includes: (request) =>
      !showsTrusted(request, trusted) &&
      !callers.some((caller) => isCaller(request, caller)) &&
      !(isService(request, trusted.servicesOnBehalf) && comesFrom(request, trusted)) &&
      (!isTrustedPrincipal(request, trusted) || comesFrom(request, sources)),
  };
}

/** Whoever signs in through a provider and shows what is asked of them. */
type Caller = {
  /** Of the `Federated` principal, `*` for any characters. */
  readonly value: string;
  /** Each key with the values of which it must hold one. */
  readonly keys: readonly (readonly [key: string, patterns: readonly string[]])[];
};

/** IAM Identity Center makes this provider in every account that it serves, with sixteen letters of its own. */
const IDENTITY_CENTER = 'saml-provider/AWSSSO_*_DO_NOT_DELETE';

function trustedCallers({ accounts = [], identityProviders = [], identityCenter }: Trusted): Caller[] {
  const own = identityCenter === true ? accounts.map((id) => `arn:*:iam::${id}:${IDENTITY_CENTER}`) : [];
  return [
    ...own.map((value) => ({ value, keys: [] })),
    ...identityProviders
      .filter((one) => trustProblem(one) === undefined)
      .flatMap(({ provider, claims = {} }) => {
        const keys = Object.entries(claims).map(
          ([claim, patterns]) => [keyOfClaim(provider, claim), patterns] as const,
        );
        // Some issuers are principals by their own name, all others by a provider that an account has made of them.
        const values = provider.startsWith('arn:')
          ? [provider]
          : [provider, ...accounts.map((id) => `arn:*:iam::${id}:oidc-provider/${provider}`)];
        return values.map((value) => ({ value, keys }));
      }),
  ];
}

function encodeCaller({ value, keys }: Caller): Formula {
  return and([
    member('principal', [globOf(value, 'Federated:')]),
    ...keys.map(([key, patterns]) =>
      someValue(key, { kind: 'text', globs: patterns.map((pattern) => globOf(pattern)) }),
    ),
  ]);
}

function isCaller(request: Request, { value, keys }: Caller): boolean {
  const { principal } = request;
  return (
    principal?.type === 'Federated' &&
    fits(principal.value, value) &&
    keys.every(([key, patterns]) =>
      valuesOf(request, key).some((one) => patterns.some((pattern) => fits(one, pattern))),
    )
  );
}

/** Whom a service calls for, where a policy names them and the zone of trust does not. */
type Sources = { readonly accounts: readonly string[]; readonly organizations: readonly string[] };

function foreignSources(policies: readonly Policy[], trusted: Trusted): Sources {
  const conditions = policies.flatMap(({ statements }) => statements.flatMap((one) => one.conditions));
  const textsOf = (keys: readonly string[]) =>
    conditions
      .filter(({ key }) => keys.includes(key))
      .flatMap(({ test }) =>
        test.kind === 'string' ? test.patterns : test.kind === 'arn' ? test.patterns.flat() : [],
      )
      .flatMap((pattern) => pattern.flatMap((token) => (token.kind === 'text' ? [token.text] : [])));
  const named = (keys: readonly string[], form: RegExp, known: readonly string[] = []) =>
    [...new Set(textsOf(keys).flatMap((one) => one.match(form) ?? []))].filter((id) => !known.includes(id));
  return {
    accounts: named([SOURCE_ARN, SOURCE_ACCOUNT, SOURCE_OWNER], /(?<!\d)\d{12}(?!\d)/g, trusted.accounts),
    organizations: named([SOURCE_ORGANIZATION, SOURCE_PATHS], /^o-[a-z0-9]+/g, trusted.organizations),
  };
}

function encodeSources({ accounts = [], organizations = [] }: Partial<Sources>): Formula {
  const has = (key: string, globs: readonly Glob[]) => someValue(key, { kind: 'text', globs });
  const ids = accounts.map((id) => text(id));
  const inArn: Glob = [...text('arn:'), PART, ...text(':'), PART, ...text(':'), PART, ...text(':')];
  return and([
    member('principal', [[...text('Service:'), REST]]),
    or([
      has(SOURCE_ACCOUNT, ids),
      has(SOURCE_OWNER, ids),
      has(
        SOURCE_ARN,
        accounts.map((id) => concat(inArn, text(`${id}:`), [REST])),
      ),
      has(
        SOURCE_ORGANIZATION,
        organizations.map((id) => text(id)),
      ),
      has(
        SOURCE_PATHS,
        organizations.map((id) => [...text(`${id}/`), REST]),
      ),
    ]),
  ]);
}

/** The same, said of a request. */
function comesFrom(request: Request, { accounts = [], organizations = [] }: Partial<Sources>): boolean {
  if (request.principal?.type !== 'Service') return false;
  const shows = (key: string, isForeign: (value: string) => boolean) =>
    valuesOf(request, key).some(isForeign);
  const isAccount = (value: string | undefined) => accounts.includes(value ?? '');
  return (
    shows(SOURCE_ACCOUNT, isAccount) ||
    shows(SOURCE_OWNER, isAccount) ||
    shows(
      SOURCE_ARN,
      (arn) => arn.startsWith('arn:') && arn.split(':').length > 5 && isAccount(parseArn(arn).accountId),
    ) ||
    shows(SOURCE_ORGANIZATION, (id) => organizations.includes(id)) ||
    shows(SOURCE_PATHS, (path) => organizations.some((id) => path.startsWith(`${id}/`)))
  );
}

/**
 * Keys that hold the account for which a request is made: the caller's own, or that for which a service calls. Nobody
 * else's request shows them so, whoever the principal element lets in.
 * Source: IAM User Guide, "aws:SourceAccount"; SNS Developer Guide, "aws:SourceOwner"; KMS Developer Guide, "kms:CallerAccount".
 */
const ACCOUNT_KEYS: readonly string[] = [SOURCE_ACCOUNT, SOURCE_OWNER, 'kms:calleraccount'];

/** A principal is in one organization, and all the paths it shows are of that one. */
const ORGANIZATION_KEY = 'aws:principalorgid';
const ORGANIZATION_PATHS_KEY = 'aws:principalorgpaths';

function trustedPrincipals({ accounts = [], services = [] }: Trusted): Glob[] {
  return [...accounts.flatMap(accountGlobs), ...services.flatMap(serviceGlobs)];
}

function encodeTrustedKeys({ accounts = [], organizations = [] }: Trusted): Formula {
  const inOrganization = someValue(ORGANIZATION_KEY, {
    kind: 'text',
    globs: organizations.map((id) => text(id)),
  });
  const inPath = someValue(ORGANIZATION_PATHS_KEY, {
    kind: 'text',
    globs: organizations.map((id) => [...text(`${id}/`), REST]),
  });
  const forAccount = ACCOUNT_KEYS.map((key) =>
    someValue(key, { kind: 'text', globs: accounts.map((id) => text(id)) }),
  );
  return or([inOrganization, inPath, ...forAccount]);
}

/** A service that is named in full is trusted by its names in the Regions too; one that is named with its Region, there alone. */
function serviceGlobs(pattern: string): Glob[] {
  const regional = isWhole(pattern) ? inRegions(pattern) : [];
  return [globOf(pattern, 'Service:'), ...regional.map((name) => [...text('Service:'), ...name])];
}

function isWhole(service: string): boolean {
  return !service.includes('*') && withoutRegion(service) === service;
}

/** `*` stands for any characters. */
function globOf(pattern: string, prefix = ''): Glob {
  const pieces = pattern.split('*');
  return [
    ...text(prefix),
    ...pieces.flatMap((piece, index) => [...(index > 0 ? [REST] : []), ...text(piece)]),
  ];
}

function valuesOf({ context }: Request, key: string): readonly string[] {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key)?.[1] ?? [];
}

/** True iff the request shows that it is made by, or for, somebody trusted. */
function showsTrusted(request: Request, { accounts = [], organizations = [] }: Trusted): boolean {
  const own = valuesOf(request, ORGANIZATION_KEY);
  const paths = valuesOf(request, ORGANIZATION_PATHS_KEY);
  if (organizations.some((id) => own.includes(id) || paths.some((path) => path.startsWith(`${id}/`))))
    return true;
  return ACCOUNT_KEYS.some((key) => valuesOf(request, key).some((value) => accounts.includes(value)));
}

function isTrustedPrincipal(request: Request, { accounts = [], services = [] }: Trusted): boolean {
  const { principal } = request;
  if (principal?.type === 'AWS') return accounts.includes(parseArn(principal.value).accountId);
  return isService(request, services);
}

function isService({ principal }: Request, services: readonly string[] = []): boolean {
  if (principal?.type !== 'Service') return false;
  const { value } = principal;
  return services.some(
    (pattern) => fits(value, pattern) || (isWhole(pattern) && withoutRegion(value) === pattern),
  );
}

function fits(value: string, pattern: string): boolean {
  const [head = '', ...pieces] = pattern.split('*');
  if (pieces.length === 0) return value === pattern;
  if (!value.startsWith(head)) return false;
  let at = head.length;
  const tail = pieces.pop() ?? '';
  for (const piece of pieces) {
    const found = value.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return value.length - tail.length >= at && value.endsWith(tail);
}
