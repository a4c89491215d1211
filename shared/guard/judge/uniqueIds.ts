/**
 * A policy that names a user or role means the one that has the name then: once that is deleted, AWS shows its unique id in
 * the place of its ARN. Nobody is let in by that, and no event tells of it.
 * Source: IAM User Guide, "AWS JSON policy elements: Principal".
 */
import { withoutPath } from '../../policy/arn.ts';
import type { PrincipalPattern } from '../../policy/ast.ts';
import { documentsOf, mapPolicies, type PolicySet } from '../../policy/policySet.ts';
import type { TargetRef } from '../../targets/target.ts';
import type { GuardStore } from '../state.ts';

/** Principals that are looked up for one step; the ids of others are strangers. */
const MAX_LOOKED_UP = 20;

/**
 * Returns the set before a step with the unique id beside each ARN that it names, where the step put an id there that is
 * known to be that of the ARN.
 */
export async function withUniqueIds(
  { before, after }: { readonly before: PolicySet; readonly after: PolicySet },
  uniqueIdsOf: (arn: string) => Promise<readonly string[]>,
): Promise<PolicySet> {
  const [were, are] = [before, after].map(patternsOf);
  const isIn = (patterns: readonly PrincipalPattern[] = [], id: string) =>
    patterns.some((pattern) => pattern.kind === 'uniqueId' && pattern.id === id);
  const come = are?.flatMap((one) => (one.kind === 'uniqueId' && !isIn(were, one.id) ? [one.id] : [])) ?? [];
  if (come.length === 0) return before;
  const idsOf = new Map<string, readonly string[]>();
  for (const arn of new Set(were?.flatMap((pattern) => arnOf(pattern) ?? []).slice(0, MAX_LOOKED_UP)))
    idsOf.set(
      arn,
      (await uniqueIdsOf(arn)).filter((id) => come.includes(id)),
    );
  const withIds = (pattern: PrincipalPattern): readonly PrincipalPattern[] => [
    pattern,
    ...(idsOf.get(arnOf(pattern) ?? '') ?? []).map((id) => ({ kind: 'uniqueId' as const, id })),
  ];
  return mapPolicies(before, (policy) => ({
    ...policy,
    statements: policy.statements.map((statement) => {
      const { principal } = statement;
      if (principal === undefined) return statement;
      return { ...statement, principal: { ...principal, patterns: principal.patterns.flatMap(withIds) } };
    }),
  }));
}

/** Returns the unique ids that the guard has seen the user or role of that name to have. */
export async function knownIdsOf(arn: string, store: GuardStore): Promise<readonly string[]> {
  const place: Pick<TargetRef, 'kind' | 'arn'> = { kind: 'iam-principal', arn: withoutPath(arn) };
  const timeline = (await store.readState(place))?.value.timeline;
  if (timeline === undefined) return [];
  const { horizon, entries } = timeline;
  const contents = [
    ...(horizon.kind === 'read' ? [horizon.read.content, horizon.predecessor] : []),
    ...entries.map((entry) => (entry.kind === 'read' ? entry.content : undefined)),
  ];
  return [...new Set(contents.flatMap((content) => content?.uniqueId ?? []))];
}

function patternsOf(set: PolicySet): readonly PrincipalPattern[] {
  return documentsOf(set).flatMap(({ policy }) =>
    policy.statements.flatMap(({ principal }) => principal?.patterns ?? []),
  );
}

/** Of a user or role; undefined: it is something else. */
function arnOf(pattern: PrincipalPattern): string | undefined {
  if (pattern.kind !== 'role' && pattern.kind !== 'entity') return undefined;
  const { partition, account, entity } = pattern;
  return /^(user|role)\//.test(entity) ? `arn:${partition}:iam::${account}:${entity}` : undefined;
}
