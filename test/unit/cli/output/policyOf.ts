/** Policies of the tests of what people see. */
import type { Policy, PolicyType } from '../../../../shared/policy/ast.ts';
import { parsePolicy } from '../../../../shared/policy/parsePolicy.ts';

/** Returns the policy of a text that is one. */
export function policyOf(text: string, policyType: PolicyType = 'IDENTITY_POLICY'): Policy {
  const parsed = parsePolicy(text, { policyType, sourceName: 'new.json' });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.policy;
}
