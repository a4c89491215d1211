/**
 * Policies that delegate to an account's IAM policies: a statement for the account, or its root, lets those decide and
 * gives no principal anything by itself, while a user or role that is named beside it needs none. Source: KMS Developer
 * Guide, "Default key policy"; IAM User Guide, "AWS JSON policy elements: Principal".
 */
import type { Condition, Policy, PrincipalPattern, Statement } from './ast.ts';

/** A key, lower-cased, of requests that no IAM policy of the caller's allows. */
export const WITHOUT_IAM_POLICY = 'ratchet:withoutiampolicy';

const WITH_IAM_POLICY: Condition = {
  operator: 'Null',
  keyText: WITHOUT_IAM_POLICY,
  key: WITHOUT_IAM_POLICY,
  ifExists: false,
  negated: false,
  test: { kind: 'null', values: [true] },
};

/**
 * Returns the policy with each Allow for the whole account in force only for requests that an IAM policy of the
 * caller's allows too, so that a principal which is named gets more than the account's statement gives. An Allow for
 * the account and for others becomes two of one index. A Deny stays one for everybody in the account.
 */
export function rootDelegates(policy: Policy, account: string): Policy {
  const delegates = (pattern: PrincipalPattern) => pattern.kind === 'account' && pattern.account === account;
  const statements = policy.statements.flatMap((statement): Statement[] => {
    const { effect, principal, conditions } = statement;
    if (effect === 'Deny' || principal === undefined || principal.negated) return [statement];
    const delegating = principal.patterns.filter(delegates);
    if (delegating.length === 0) return [statement];
    const others = principal.patterns.filter((pattern) => !delegates(pattern));
    const delegated = {
      ...statement,
      principal: { negated: false, patterns: delegating },
      conditions: [...conditions, WITH_IAM_POLICY],
    };
    return others.length === 0
      ? [delegated]
      : [delegated, { ...statement, principal: { negated: false, patterns: others } }];
  });
  return { ...policy, statements };
}
