/** Whose documents are asked about, and what is known about other principals. */

/** The principal whose documents are asked about, as far as it is known. */
export type Holder = {
  /** Absent: whoever holds the documents is not known (a managed policy, a permission set). */
  readonly arn?: string;
  /** `arn:aws:iam::111122223333`: calls of IAM reach no other account. Absent: not known. */
  readonly account?: string;
  /** ARNs of the managed policies it holds and of the groups it is in: rewriting one of them is rewriting itself. */
  readonly policyArns: readonly string[];
  readonly groupArns: readonly string[];
  /** Of its permissions boundary; absent: it has none. */
  readonly boundaryArn?: string;
};

/** What is known about a role or user. */
export type PrincipalFacts = {
  /** Principals that a role's trust policy lets in as services or identity providers, `*` for all; empty for users. */
  readonly trusts: readonly string[];
  /** Whether a role's trust policy lets the holder in; absent: not known, or a user. */
  readonly letsIn?: boolean;
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

/** `states.eu-west-1.amazonaws.com`, `ec2.amazonaws.com.cn`: one service, by Region and partition. */
const VARIANT = /^([\w-]+(?:\.[a-z][a-z-]*)*?)(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com(?:\.cn)?$/;

const nameOfService = (service: string) => VARIANT.exec(service)?.[1] ?? service;

/** Returns true iff the role is not known to keep the service out. */
export function mayTrust(facts: PrincipalFacts | undefined, service: string): boolean {
  if (facts === undefined || facts.trusts.includes('*')) return true;
  return facts.trusts.some((trusted) => nameOfService(trusted) === nameOfService(service));
}
