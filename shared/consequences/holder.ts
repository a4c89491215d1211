/** Whose documents are asked about, and what is known about other principals. */

/** The principal whose documents are asked about, as far as it is known. */
export type Holder = {
  /** Absent: whoever holds the documents is not known (a managed policy, a permission set). */
  readonly arn?: string;
  /** ARNs of the managed policies it holds and of the groups it is in: rewriting one of them is rewriting itself. */
  readonly policyArns: readonly string[];
  readonly groupArns: readonly string[];
};

/** What is known about a role or user. */
export type PrincipalFacts = {
  /** Service principals that a role's trust policy lets in, `*` for all; empty for users. */
  readonly trusts: readonly string[];
  readonly isAdministrator: boolean;
  /** It holds HIGH access of its own, or a path to more; administrators do. */
  readonly isPrivileged: boolean;
};

/** What the guard knows about other principals. Whoever is not known may be anything. */
export type Knowledge = {
  /** Undefined iff nothing is known about the principal with that ARN. */
  readonly factsOf: (arn: string) => PrincipalFacts | undefined;
  /** ARNs of the roles and users that are known to be administrators. */
  readonly administrators: readonly string[];
};

/** Knows nobody. */
export const NOTHING_KNOWN: Knowledge = { factsOf: () => undefined, administrators: [] };

/** Returns true iff the role is not known to keep the service out. */
export function mayTrust(facts: PrincipalFacts | undefined, service: string): boolean {
  return facts === undefined || facts.trusts.includes('*') || facts.trusts.includes(service);
}
