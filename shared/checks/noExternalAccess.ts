/** Does the policy grant to a principal outside the zone of trust? */
import { accountGlobs } from '../encoder/encodePrincipal.ts';
import { encodeStatement } from '../encoder/encodeStatement.ts';
import { askFor, encodeSet } from '../encoder/question.ts';
import type { Request } from '../evaluator/request.ts';
import { and, member, not, or, REST, several, someValue, text } from '../formula/build.ts';
import type { Formula, Glob } from '../formula/formula.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { type Check, once, policiesOf, statementsWith, which } from './check.ts';
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

const PASS_MESSAGE = 'The resource policy does not grant access outside the zone of trust.';
const FAIL_MESSAGE = 'The resource policy grants access outside the zone of trust.';

/** Returns the check that fails iff the set grants to a principal that is in none of the listed accounts, organizations, services. */
export function noExternalAccess(set: PolicySet, trusted: Trusted): Check {
  const options = { linkPrincipal: true };
  const outside = outsideScope(trusted);
  const rest = once(() => {
    const { allowed, withinBoundary, denied } = encodeSet(set, options);
    return and([outside.formula, allowed, withinBoundary, not(denied)]);
  });
  return {
    candidates: statementsWith('Allow', set).map(({ statement, document }) => ({
      statement,
      document,
      question: () => askFor(and([encodeStatement(statement, options), rest()])),
    })),
    confirm: (request) => outside.includes(request) && isGranted(set, request),
    passMessage: PASS_MESSAGE,
    failMessage: FAIL_MESSAGE,
    describe: (statement) => `Access outside the zone of trust in the statement ${which(statement)}`,
    policies: policiesOf(set),
    linkPrincipal: true,
  };
}

/** Returns the scope of the requests of whoever is outside the zone of trust. */
export function outsideScope(trusted: Trusted): Scope {
  return {
    formula: and([not(encodeTrusted(trusted)), not(several(ORGANIZATION_KEY))]),
    includes: (request) => !isTrusted(request, trusted) && valuesOf(request, ORGANIZATION_KEY).length < 2,
  };
}

/**
 * Keys that hold the account for which a request is made: the caller's own, or that for which a service calls. Nobody
 * else's request shows them so, whoever the principal element lets in.
 * Source: IAM User Guide, "aws:SourceAccount"; SNS Developer Guide, "aws:SourceOwner"; KMS Developer Guide, "kms:CallerAccount".
 */
const ACCOUNT_KEYS: readonly string[] = ['aws:sourceaccount', 'aws:sourceowner', 'kms:calleraccount'];

/** A principal is in one organization, and all the paths it shows are of that one. */
const ORGANIZATION_KEY = 'aws:principalorgid';
const ORGANIZATION_PATHS_KEY = 'aws:principalorgpaths';

function encodeTrusted({ accounts = [], organizations = [], services = [] }: Trusted): Formula {
  const principals = [...accounts.flatMap(accountGlobs), ...services.map(serviceGlob)];
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
  return or([member('principal', principals), inOrganization, inPath, ...forAccount]);
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

/** The same, said of a request: what confirms a witness. */
function isTrusted(request: Request, { accounts = [], organizations = [], services = [] }: Trusted): boolean {
  const { principal } = request;
  const own = valuesOf(request, ORGANIZATION_KEY);
  const paths = valuesOf(request, ORGANIZATION_PATHS_KEY);
  if (organizations.some((id) => own.includes(id) || paths.some((path) => path.startsWith(`${id}/`))))
    return true;
  if (ACCOUNT_KEYS.some((key) => valuesOf(request, key).some((value) => accounts.includes(value))))
    return true;
  if (principal?.type === 'AWS') return accounts.includes(principal.value.split(':')[4] ?? '');
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
