/**
 * A resource share of RAM as a policy document: each of its permissions is an Allow of its actions on the resources of
 * its type to everyone the share names. What a share does for people outside the organization as long as it must not
 * (nothing may be shared with them) is a Deny that goes away when it may.
 * Source: RAM User Guide, "How managed permissions work in AWS RAM", "Sharing with AWS Organizations".
 */
import { makeSnapshot, partDocument } from '../../targets/snapshot.ts';
import type { Snapshot } from '../../targets/target.ts';
import { factsOf, HELD_BY_DEFAULT, SHARED, WITH } from './shareParts.ts';

export type Share = {
  readonly arn: string;
  readonly allowExternalPrincipals: boolean;
  /** Account ids, ARNs of roles and users, of organizations and their units, service principals. */
  readonly principals: readonly string[];
  readonly resources: readonly { readonly arn: string; readonly type: string }[];
  readonly permissions: readonly Permission[];
};

export type Permission = {
  readonly arn: string;
  readonly resourceType: string;
  /** JSON of a statement's Effect, Action and Condition; undefined when RAM does not show it. */
  readonly template: string | undefined;
};

type Condition = { readonly [operator: string]: { readonly [key: string]: unknown } };

/** Returns what the share grants as JSON text; undefined when a permission or a principal cannot be told, so that nothing passes. */
export function shareDocument({
  arn,
  allowExternalPrincipals,
  principals,
  resources,
  permissions,
}: Share): string | undefined {
  const statements: object[] = allowExternalPrincipals
    ? []
    : [
        {
          Sid: 'OrganizationOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 'ram:AssociateResourceShare',
          Resource: arn,
          Condition: { Bool: { 'ratchet:PrincipalIsOutsideOrganization': 'true' } },
        },
      ];
  for (const { resourceType, template } of permissions) {
    const shared = resources.filter(({ type }) => type.toLowerCase() === resourceType.toLowerCase());
    if (shared.length === 0) continue;
    const granted = parseTemplate(template);
    if (granted === undefined) return undefined;
    for (const principal of principals) {
      const named = principalOf(principal);
      if (named === undefined) return undefined;
      const condition = joined(granted.condition, named.condition);
      if (condition === undefined) return undefined;
      statements.push({
        Effect: 'Allow',
        Principal: named.principal,
        Action: granted.action,
        Resource: shared.map((resource) => resource.arn),
        ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
      });
    }
  }
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Returns what a permission's template allows; undefined for what is no such template. */
export function parseTemplate(
  template: string | undefined,
): { readonly action: unknown; readonly condition: Condition } | undefined {
  if (template === undefined) return undefined;
  try {
    const { Effect, Action, Condition } = JSON.parse(template) as { [element: string]: unknown };
    return /^allow$/i.test(String(Effect)) && Action !== undefined
      ? { action: Action, condition: (Condition ?? {}) as Condition }
      : undefined;
  } catch {
    return undefined;
  }
}

function principalOf(id: string): { principal: unknown; condition: Condition } | undefined {
  if (/^\d{12}$/.test(id)) return { principal: { AWS: id }, condition: {} };
  if (/\.amazonaws\.com(\.cn)?$/.test(id)) return { principal: { Service: id }, condition: {} };
  const [, organization, unit] =
    /^arn:[^:]*:organizations::\d{12}:(?:organization|ou)\/(o-[a-z0-9]+)(?:\/(ou-[a-z0-9-]+))?$/.exec(id) ??
    [];
  if (organization !== undefined && unit === undefined)
    return { principal: '*', condition: { StringEquals: { 'aws:PrincipalOrgID': organization } } };
  if (organization !== undefined)
    return {
      principal: '*',
      condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${organization}/*/${unit}/*` } },
    };
  return /^arn:[^:]*:iam::\d{12}:(role|user)\//.test(id)
    ? { principal: { AWS: id }, condition: {} }
    : undefined;
}

/** Both; undefined where they test the same key by the same operator, which one block cannot say twice. */
function joined(a: Condition, b: Condition): Condition | undefined {
  const namesIn = (condition: Condition) =>
    Object.entries(condition).flatMap(([operator, tests]) =>
      Object.keys(tests).map((key) => `${operator} ${key}`.toLowerCase()),
    );
  const taken = new Set(namesIn(a));
  if (namesIn(b).some((name) => taken.has(name))) return undefined;
  const operators = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(operators.map((operator) => [operator, { ...a[operator], ...b[operator] }]));
}

type Statement = {
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
};

/**
 * Returns the share without these principals and resources; undefined where other parts are to go. The default permission
 * of a type grants nothing without a resource of it, and stays.
 */
export function withoutParts(snapshot: Snapshot, ids: readonly string[]): Snapshot | undefined {
  const [facts, document] = [factsOf(snapshot), partDocument(snapshot, 'document')];
  const taken = ids.filter((id) => !id.startsWith(HELD_BY_DEFAULT));
  const isElement = (id: string) => id.startsWith(WITH) || id.startsWith(SHARED);
  if (facts === undefined || document === undefined || !taken.every(isElement)) return undefined;
  const isTaken = (sort: string) => (name: string) => taken.includes(`${sort}${name}`);
  const gone = facts.principals.filter(isTaken(WITH)).map(principalOf);
  const isOfGone = ({ Effect, Principal, Condition = {} }: Statement) =>
    Effect === 'Allow' &&
    gone.some(
      (one) =>
        JSON.stringify(one?.principal) === JSON.stringify(Principal) &&
        holds(Condition, one?.condition ?? {}),
    );
  const { Statement: statements, ...rest } = JSON.parse(document) as { Statement: readonly Statement[] }; // As made above.
  const left = statements.flatMap((statement) => {
    if (isOfGone(statement)) return [];
    if (statement.Effect !== 'Allow') return [statement];
    const Resource = statement.Resource.filter((arn) => !isTaken(SHARED)(arn));
    return Resource.length === 0 ? [] : [{ ...statement, Resource }];
  });
  const share = {
    ...facts,
    principals: facts.principals.filter((name) => !isTaken(WITH)(name)),
    resources: facts.resources.filter((name) => !isTaken(SHARED)(name)),
  };
  return makeSnapshot({
    ...snapshot,
    parts: snapshot.parts
      .filter(({ id }) => !taken.includes(id))
      .map((part) =>
        part.id === 'document' ? { ...part, document: JSON.stringify({ ...rest, Statement: left }) } : part,
      ),
    restoreHints: { ...snapshot.restoreHints, share },
  });
}

function holds(condition: Condition, tests: Condition): boolean {
  return Object.entries(tests).every(([operator, keys]) =>
    Object.entries(keys).every(
      ([key, value]) => JSON.stringify(condition[operator]?.[key]) === JSON.stringify(value),
    ),
  );
}
