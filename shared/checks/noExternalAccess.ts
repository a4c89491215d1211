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
import { type Check, confirmLinked, once, policiesOf, statementsWith, which } from './check.ts';
import { isGranted } from './noNewAccess.ts';
import type { Scope } from './scope.ts';

/** The zone of trust. */
export type Trusted = {
  /** 12-digit account ids. */
  readonly accounts?: readonly string[];
  /** Organization ids, `o-…`. */
  readonly organizations?: readonly string[];
  /** Service principals; `*` stands for any characters: `*.amazonaws.com`. */
  readonly services?: readonly string[];
};

const SOURCE_ARN = 'aws:sourcearn';
const SOURCE_ACCOUNT = 'aws:sourceaccount';
const SOURCE_OWNER = 'aws:sourceowner';
const SOURCE_ORGANIZATION = 'aws:sourceorgid';
const SOURCE_PATHS = 'aws:sourceorgpaths';

const PASS_MESSAGE = 'The resource policy does not grant access outside the zone of trust.';
const FAIL_MESSAGE = 'The resource policy grants access outside the zone of trust.';

/** Returns the check that fails iff the set grants to a principal that is in none of the listed accounts, organizations, services. */
export function noExternalAccess(set: PolicySet, trusted: Trusted): Check {
  const options = { linkPrincipal: true };
  const policies = policiesOf(set);
  const outside = outsideScope(trusted, policies);
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
    passMessage: PASS_MESSAGE,
    failMessage: FAIL_MESSAGE,
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
  return {
    formula: and([
      not(encodeTrustedKeys(trusted)),
      or([not(member('principal', trustedPrincipals(trusted))), encodeSources(sources)]),
    ]),
    includes: (request) =>
      !showsTrusted(request, trusted) &&
      (!isTrustedPrincipal(request, trusted) || comesFrom(request, sources)),
  };
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

function encodeSources({ accounts, organizations }: Sources): Formula {
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
function comesFrom(request: Request, { accounts, organizations }: Sources): boolean {
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
  return [...accounts.flatMap(accountGlobs), ...services.map(serviceGlob)];
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

function serviceGlob(pattern: string): Glob {
  const pieces = pattern.split('*');
  return [
    ...text('Service:'),
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

function isTrustedPrincipal({ principal }: Request, { accounts = [], services = [] }: Trusted): boolean {
  if (principal?.type === 'AWS') return accounts.includes(parseArn(principal.value).accountId);
  if (principal?.type === 'Service') return services.some((pattern) => fits(principal.value, pattern));
  return false;
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
