/** What stops a set of policies from granting what its parts allow: a Deny, a limit, a block. Pure. */
import type { NamedPolicy, PolicySet } from '../policy/policySet.ts';

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

/** Returns the set beside everything that others may grant. */
export function joined({ policies, ...limits }: PolicySet, elsewhere: NamedPolicy): PolicySet {
  return { policies: [...policies, elsewhere], ...limits };
}

/** Returns true iff something in the set can stop a request. */
export function stops({ policies, boundary }: PolicySet): boolean {
  return (
    boundary !== undefined ||
    policies.some(({ policy }) => policy.statements.some(({ effect }) => effect === 'Deny'))
  );
}
