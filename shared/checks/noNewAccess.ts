/** Does the new policy grant a request that the existing one does not? Source: Access Analyzer API Reference, CheckNoNewAccess. */
import { foldText } from '../encoder/encodePattern.ts';
import { type EncodeOptions, encodeStatement } from '../encoder/encodeStatement.ts';
import { askFor, encodeSet, grants } from '../encoder/question.ts';
import { evaluatePolicySet } from '../evaluator/evaluate.ts';
import type { Request } from '../evaluator/request.ts';
import { and, not } from '../formula/build.ts';
import type { ResourcePattern, Statement } from '../policy/ast.ts';
import { allowStatements, type Candidate, type Check, policiesOf, which } from './check.ts';
import type { PolicySet, Reason } from './verdict.ts';

const PASS_MESSAGE = 'The modified permissions do not grant new access compared to your existing policy.';
const FAIL_MESSAGE = 'The modified permissions grant new access compared to your existing policy.';

/**
 * Returns the check that fails iff some request is granted by `updated` and not by `existing`.
 * A statement contributes iff some such request matches it.
 */
export function noNewAccess(existing: PolicySet, updated: PolicySet, options: EncodeOptions): Check {
  return {
    candidates: newAccessCandidates(existing, updated, options),
    confirm: (request) => isGranted(updated, request) && !isGranted(existing, request),
    passMessage: PASS_MESSAGE,
    failMessage: FAIL_MESSAGE,
    describe: (statement) => `New access in the statement ${which(statement)}`,
    policies: policiesOf(existing, updated),
    linkPrincipal: options.linkPrincipal,
    removedDenies: (witness) => removedDenies(existing, witness),
  };
}

/** Returns true iff the evaluator says that the set grants the request. */
export function isGranted(set: PolicySet, request: Request): boolean {
  return evaluatePolicySet(set, request).granted;
}

function newAccessCandidates(existing: PolicySet, updated: PolicySet, options: EncodeOptions): Candidate[] {
  const settled = settledStatements(existing, updated);
  return allowStatements(updated)
    .filter(({ statement }) => !settled(statement))
    .map(({ statement, document }) => {
      const questionOf = (part: Statement) => {
        const after = encodeSet(near(updated, part), options);
        // Its own Allow is met; with a boundary the other side's leave is needed too.
        const leave = updated.boundary === undefined ? [] : [after.allowed, after.withinBoundary];
        const before = encodeSet(near(existing, part), options);
        return askFor(
          and([encodeStatement(part, options), ...leave, not(after.denied), not(grants(before))]),
        );
      };
      return { statement, document, question: () => questionOf(statement), questionOf };
    });
}

/** The set without the statements that share no service with the given one: they can match none of its requests. */
function near(set: PolicySet, statement: Statement): PolicySet {
  const services = servicesOf(statement);
  const meets = (other: Statement) => {
    const others = servicesOf(other);
    if (services === undefined || others === undefined) return true;
    for (const service of others) if (services.has(service)) return true;
    return false;
  };
  const nearOf = (documents: PolicySet['policies']) =>
    documents.map(({ name, policy }) => ({
      name,
      policy: { ...policy, statements: policy.statements.filter(meets) },
    }));
  return {
    policies: nearOf(set.policies),
    ...(set.boundary === undefined ? {} : { boundary: nearOf(set.boundary) }),
  };
}

const services = new WeakMap<Statement, ReadonlySet<string> | 'any'>();

/** The services whose actions the statement can match; undefined when it may be any. */
function servicesOf(statement: Statement): ReadonlySet<string> | undefined {
  let known = services.get(statement);
  if (known === undefined) {
    known = findServices(statement);
    services.set(statement, known);
  }
  return known === 'any' ? undefined : known;
}

function findServices({ action }: Statement): ReadonlySet<string> | 'any' {
  if (action.negated) return 'any';
  const found = new Set<string>();
  for (const [token] of action.patterns) {
    const colon = token?.kind === 'text' ? token.text.indexOf(':') : -1;
    if (token?.kind !== 'text' || colon < 0) return 'any';
    found.add(foldText(token.text.slice(0, colon)));
  }
  return found;
}

/**
 * Returns whether a statement of `updated` plainly adds nothing: an equal Allow stood in `existing`, every Deny of
 * `existing` still stands, and no boundary takes part. Most statements of most changes are of this kind.
 */
function settledStatements(existing: PolicySet, updated: PolicySet): (statement: Statement) => boolean {
  if (existing.boundary !== undefined) return () => false;
  const before = keysOf(existing);
  const after = keysOf(updated);
  for (const deny of before.denies) if (!after.denies.has(deny)) return () => false;
  return (statement) => before.allows.has(keyOf(statement));
}

function keysOf(set: PolicySet): { allows: ReadonlySet<string>; denies: ReadonlySet<string> } {
  const allows = new Set<string>();
  const denies = new Set<string>();
  for (const { policy } of set.policies) {
    for (const statement of policy.statements)
      (statement.effect === 'Allow' ? allows : denies).add(keyOf(statement));
  }
  return { allows, denies };
}

const keys = new WeakMap<Statement, string>();

/** Equal for statements that match the same requests because they say the same in the same order. */
function keyOf(statement: Statement): string {
  let key = keys.get(statement);
  if (key === undefined) {
    const { principal, action, resource, conditions } = statement;
    const actions = action.patterns.map(([token, ...others]) =>
      token?.kind === 'text' && others.length === 0
        ? `text ${token.text}`
        : `tokens ${JSON.stringify([token, ...others])}`,
    );
    // Neither separator can stand in a policy.
    key = [
      action.negated,
      actions.join('\u0001'),
      resource?.negated,
      resource?.patterns.map(resourceKey).join('\u0001'),
      principal === undefined ? '' : JSON.stringify(principal),
      conditions.length === 0 ? '' : JSON.stringify(conditions, bigintAsText),
    ].join('\u0002');
    keys.set(statement, key);
  }
  return key;
}

/** The same text is a variable in one version of the language and plain text in the other. */
function resourceKey(pattern: ResourcePattern): string {
  const parts = pattern.kind === 'arn' && pattern.text.includes('${') ? JSON.stringify(pattern.parts) : '';
  return `${pattern.kind} ${pattern.text} ${parts}`;
}

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

/** The Denies of the existing set that stood alone between the witness and its being granted before. */
function removedDenies(existing: PolicySet, witness: Request): Reason[] {
  const documents = [...existing.policies, ...(existing.boundary ?? [])];
  const withoutDenies = (list: PolicySet['policies']) =>
    list.map(({ name, policy }) => ({
      name,
      policy: { ...policy, statements: policy.statements.filter(({ effect }) => effect === 'Allow') },
    }));
  const allowed = isGranted(
    {
      policies: withoutDenies(existing.policies),
      ...(existing.boundary === undefined ? {} : { boundary: withoutDenies(existing.boundary) }),
    },
    witness,
  );
  if (!allowed) return [];
  return documents.flatMap(({ name, policy }) =>
    policy.statements
      .filter((statement) => statement.effect === 'Deny' && denies(policy, statement, witness))
      .map((statement) => ({
        description: `The request was denied before by the statement ${which(statement)}`,
        statementIndex: statement.index,
        ...(statement.sid === undefined ? {} : { statementId: statement.sid }),
        ...(documents.length > 1 || name !== '' ? { document: name } : {}),
      })),
  );
}

function denies(
  policy: PolicySet['policies'][number]['policy'],
  statement: Statement,
  witness: Request,
): boolean {
  const alone = { ...policy, statements: [{ ...statement, effect: 'Allow' as const }] };
  return isGranted({ policies: [{ name: '', policy: alone }] }, witness);
}
