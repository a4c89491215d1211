/**
 * What does a policy say of one concrete request? Reads the tree directly, statement by statement; shares with the
 * encoder nothing but the parsed tree, the fold table and the table of how many values keys hold. It confirms every witness.
 */
import type { Policy, PrincipalPattern, ResourcePattern, Statement } from '../policy/ast.ts';
import { isSingleValued } from '../policy/cardinality.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { matchCondition } from './matchCondition.ts';
import {
  type MatchOptions,
  matchesSome,
  matchParts,
  matchPattern,
  splitArn,
  type ValueOf,
} from './matchPattern.ts';
import type { Request, RequestPrincipal } from './request.ts';

/** What a policy says of one request. */
export type Evaluation = {
  /** True iff some Allow matches and no Deny does. */
  readonly granted: boolean;
  /** Indices of the matching Allow statements, ascending. */
  readonly allows: readonly number[];
  /** Indices of the matching Deny statements, ascending. */
  readonly denies: readonly number[];
};

/**
 * Returns which statements match the request, and whether the policy grants it. A request that shows several values of
 * a key which holds one cannot be made: nothing matches it.
 */
export function evaluatePolicy(policy: Policy, request: Request): Evaluation {
  return evaluate(policy, read(request));
}

function evaluate(policy: Policy, asked: Asked | undefined): Evaluation {
  if (asked === undefined) return { granted: false, allows: [], denies: [] };
  const matching = policy.statements.filter((statement) => matchStatement(statement, asked));
  const indices = (effect: Statement['effect']) =>
    matching.filter((statement) => statement.effect === effect).map(({ index }) => index);
  const allows = indices('Allow');
  const denies = indices('Deny');
  return { granted: allows.length > 0 && denies.length === 0, allows, denies };
}

/** Returns whether the documents together grant the request: allowed, not denied, and granted by each limit of the boundary. */
export function evaluatePolicySet(set: PolicySet, request: Request): { readonly granted: boolean } {
  return { granted: isGranted(set, read(request)) };
}

/** Returns true iff the statement matches the request. An Allow and a Deny match alike. */
export function matches(statement: Statement, request: Request): boolean {
  const asked = read(request);
  return asked !== undefined && matchStatement(statement, asked);
}

function isGranted({ policies, boundary = [] }: PolicySet, asked: Asked | undefined): boolean {
  if (asked === undefined) return false;
  const isMatchedBy = (effect: Statement['effect']) =>
    policies.some(({ policy }) =>
      policy.statements.some((one) => one.effect === effect && matchStatement(one, asked)),
    );
  return (
    isMatchedBy('Allow') &&
    !isMatchedBy('Deny') &&
    boundary.every((limit) =>
      'policies' in limit ? isGranted(limit, asked) : evaluate(limit.policy, asked).granted,
    )
  );
}

/** The request as all statements read it; undefined: it cannot be made. */
function read(request: Request): Asked | undefined {
  const valuesOf = contextOf(request);
  const isPossible = Object.keys(request.context).every((name) => {
    const key = name.toLowerCase();
    return valuesOf(key).length < 2 || !isSingleValued(key);
  });
  if (!isPossible) return undefined;
  return { ...request, arn: splitArn(request.resource), valuesOf, options: { valuesOf } };
}

/** The values of a key: names compare without case, equal values count once. */
function contextOf({ context }: Request): ValueOf {
  const values = new Map<string, readonly string[]>();
  for (const [name, list] of Object.entries(context)) {
    const key = name.toLowerCase();
    values.set(key, [...new Set([...(values.get(key) ?? []), ...list])]);
  }
  return (key) => values.get(key) ?? [];
}

/** A request, read once for all statements. */
type Asked = Request & {
  /** The parts of its resource, where that is an ARN. */
  readonly arn: readonly string[] | undefined;
  readonly valuesOf: ValueOf;
  /** How its resource is matched. */
  readonly options: MatchOptions;
};

const FOLD = { foldCase: true } as const;

function matchStatement(statement: Statement, request: Asked): boolean {
  const { action, resource, principal, conditions } = statement;
  if (matchesSome(action.patterns, request.action, FOLD) === action.negated) return false;
  if (resource !== undefined) {
    const matches = resource.patterns.some((pattern) => matchResource(pattern, request));
    if (matches === resource.negated) return false;
  }
  if (principal !== undefined) {
    const asking = request.principal;
    // Where it is not said whose session a federated user's is, the reading counts that hides no access.
    const unsaid = (statement.effect === 'Allow') !== principal.negated;
    const matches =
      asking !== undefined && principal.patterns.some((pattern) => matchPrincipal(pattern, asking, unsaid));
    if (matches === principal.negated) return false;
  }
  return conditions.every((condition) => matchCondition(condition, request.valuesOf));
}

function matchResource(pattern: ResourcePattern, { resource, arn, options }: Asked): boolean {
  switch (pattern.kind) {
    case 'any':
      return true;
    case 'nothing':
      return false;
    case 'whole':
      return matchPattern(pattern.pattern, resource, options);
    case 'arn':
      return arn !== undefined && matchParts(pattern.parts, arn, options);
  }
}

/** Source: IAM User Guide, "AWS JSON policy elements: Principal". */
function matchPrincipal(
  pattern: PrincipalPattern,
  { type, value, sessionOf }: RequestPrincipal,
  unsaid: boolean,
): boolean {
  switch (pattern.kind) {
    case 'everyone':
      return true;
    case 'Service':
    case 'Federated':
    case 'CanonicalUser':
      return type === pattern.kind && (pattern.value === '*' || value === pattern.value);
    case 'uniqueId':
      return type === 'AWS' && value === pattern.id;
    case 'values':
      return type === pattern.of && matchPattern(pattern.pattern, value);
    case 'accounts':
      return type === 'AWS' && matchPattern(pattern.account, splitArn(value)?.[4] ?? '');
    case 'entities':
      return type === 'AWS' && matchEntities(pattern, value, sessionOf);
    default: {
      if (type !== 'AWS') return false;
      const [, partition, service, , account, entity = ''] = splitArn(value) ?? [];
      if (account === undefined || account !== pattern.account) return false;
      if (pattern.kind === 'account') return true;
      if (partition !== pattern.partition) return false;
      if (pattern.kind === 'entity') {
        if (service === pattern.service && entity === pattern.entity) return true;
        const isUser = pattern.service === 'iam' && pattern.entity.startsWith('user/');
        if (!isUser || service !== 'sts' || !entity.startsWith('federated-user/')) return false;
        return sessionOf === undefined
          ? unsaid
          : sessionOf === `arn:${pattern.partition}:iam::${pattern.account}:${pattern.entity}`;
      }
      const [kind, roleName, session] = entity.split('/');
      const isSession = service === 'sts' && kind === 'assumed-role';
      if (pattern.kind === 'session')
        return isSession && roleName === pattern.roleName && session === pattern.session;
      return isSession ? roleName === pattern.name : service === 'iam' && entity === pattern.entity;
    }
  }
}

function matchEntities(
  { partition, service, account, entity, sessions }: Extract<PrincipalPattern, { kind: 'entities' }>,
  value: string,
  sessionOf: string | undefined,
): boolean {
  const matchArn = (arn: string) => {
    const [, ownPartition = '', ownService, , ownAccount = '', own = ''] = splitArn(arn) ?? [];
    return (
      ownService === service &&
      matchPattern(partition, ownPartition) &&
      matchPattern(account, ownAccount) &&
      matchPattern(entity, own)
    );
  };
  const [, ownPartition = '', , , ownAccount = '', own = ''] = splitArn(value) ?? [];
  const [kind, roleName = '', session = ''] = own.split('/');
  if (kind === 'assumed-role') {
    if (sessions === undefined) return false;
    const isThere = matchPattern(partition, ownPartition) && matchPattern(account, ownAccount);
    return isThere && matchPattern(sessions.roleName, roleName) && matchPattern(sessions.session, session);
  }
  return matchArn(value) || (service === 'iam' && sessionOf !== undefined && matchArn(sessionOf));
}
