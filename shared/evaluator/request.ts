/** A concrete request: what a policy is asked about, and what a witness is. */

/** Who asks, by kind and value. */
export type RequestPrincipal = {
  readonly type: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser' | 'Anonymous';
  /**
   * AWS: an ARN (`arn:aws:iam::111122223333:role/Deploy`, `arn:aws:sts::111122223333:assumed-role/Deploy/s`)
   * or a unique id (`AROA…`). Anonymous: `''`.
   */
  readonly value: string;
  /**
   * Whose session a federated user's is: the ARN of a user. Left out, an Allow for any user of the account counts as
   * one for it, and a Deny does not.
   */
  readonly sessionOf?: string;
};

/** One call of one action on one resource, with its context. */
export type Request = {
  /** Absent: identity policies are asked, which name no principal. */
  readonly principal?: RequestPrincipal;
  /** `service:Name`, compared without case. */
  readonly action: string;
  /** `*` (calls without a resource) or an ARN of six parts. */
  readonly resource: string;
  /**
   * Key name (compared without case) to its values. An empty list is an absent key; equal values count once. A key that
   * holds one value (`isSingleValued`) shows no second.
   */
  readonly context: { readonly [key: string]: readonly string[] };
};
