/** Dormant access: granted by a part, were it not for another part's Deny, limit or block. Pure. */
import type { NamedPolicy, PolicySet } from '../../policy/policySet.ts';

/** Returns the set as it would be if no Deny and no limit were in force. */
export function withoutStops({ policies }: PolicySet): PolicySet {
  return {
    policies: policies.map(({ name, policy }) => ({
      name,
      policy: { ...policy, statements: policy.statements.filter(({ effect }) => effect === 'Allow') },
    })),
  };
}

/**
 * Returns the sets whose union grants whatever some part of the set grants by itself: a Deny stops what its own document
 * allows, and nothing else stops anything.
 */
export function partsAlone({ policies }: PolicySet): readonly PolicySet[] {
  const hasDeny = ({ policy }: NamedPolicy) => policy.statements.some(({ effect }) => effect === 'Deny');
  const plain = policies.filter((one) => !hasDeny(one));
  const others = policies.filter(hasDeny).map((one) => ({ policies: [one] }));
  return plain.length === 0 ? others : [{ policies: plain }, ...others];
}

/** Returns the set as it would be if it allowed nothing. */
export function onlyStops({ policies, ...limits }: PolicySet): PolicySet {
  return {
    policies: policies.map(({ name, policy }) => ({
      name,
      policy: { ...policy, statements: policy.statements.filter(({ effect }) => effect === 'Deny') },
    })),
    ...limits,
  };
}
