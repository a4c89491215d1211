/** Documents that act together: what every check is asked about, and what the evaluator is asked of. */
import type { Policy } from './ast.ts';

/** A policy and the name under which reasons speak of it. */
export type NamedPolicy = { readonly name: string; readonly policy: Policy };

/**
 * Documents that act together. A request is granted iff some Allow of `policies` matches it, no Deny of theirs does,
 * and each member of `boundary` grants it too. A set without policies grants nothing.
 */
export type PolicySet = {
  readonly policies: readonly NamedPolicy[];
  /** ANDed. Each limits by itself: one document, or several that act together (the session policies of one session). */
  readonly boundary?: readonly (NamedPolicy | PolicySet)[];
};

/** Returns the set of one nameless document, or the set itself. */
export function toSet(policy: Policy | PolicySet): PolicySet {
  return 'policies' in policy ? policy : { policies: [{ name: '', policy }] };
}

/** Returns the members of a boundary, each as a set. */
export function limitsOf({ boundary = [] }: PolicySet): readonly PolicySet[] {
  return boundary.map((limit) => ('policies' in limit ? limit : { policies: [limit] }));
}

/** Returns every document of the set: its policies, then those of each limit. */
export function documentsOf(set: PolicySet): readonly NamedPolicy[] {
  const limits = limitsOf(set);
  return limits.length === 0 ? set.policies : [...set.policies, ...limits.flatMap(documentsOf)];
}

/** Returns the set with each policy, those of its limits too, replaced by what `change` makes of it. */
export function mapPolicies(set: PolicySet, change: (policy: Policy) => Policy): PolicySet {
  const policies = set.policies.map(({ name, policy }) => ({ name, policy: change(policy) }));
  if (set.boundary === undefined) return { policies };
  return { policies, boundary: limitsOf(set).map((limit) => mapPolicies(limit, change)) };
}
