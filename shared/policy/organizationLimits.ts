/**
 * Whom control policies limit: service control policies the principals of the organization's accounts, resource control
 * policies the resources in them. Source: Organizations User Guide, "Service control policies (SCPs)", "Resource control
 * policies (RCPs)".
 */
import type { Policy, Statement } from './ast.ts';
import { parsePolicy } from './parsePolicy.ts';

/** Returns the service control policy of an organization (`o-…`) with its Denies for the organization's principals alone; others pass. */
export function limitingPrincipals(policy: Policy, organization: string): Policy {
  const [ours, others] = ['StringEquals', 'StringNotEquals'].map((operator) =>
    allWhere({ [operator]: { 'aws:PrincipalOrgID': organization } }, policy.statements.length),
  );
  return { ...policy, statements: [...policy.statements.map(only(ours)), ...(others ? [others] : [])] };
}

/** Returns the resource control policy of an organization with its Denies for the organization's resources alone. */
export function limitingResources(policy: Policy, organization: string): Policy {
  const ours = allWhere({ StringEquals: { 'aws:ResourceOrgID': organization } }, 0);
  return { ...policy, statements: policy.statements.map(only(ours)) };
}

/** A Deny is in force only where the other statement is. */
const only =
  (other: Statement | undefined) =>
  (statement: Statement): Statement =>
    statement.effect === 'Allow' || other === undefined
      ? statement
      : { ...statement, conditions: [...statement.conditions, ...other.conditions] };

function allWhere(condition: object, index: number): Statement | undefined {
  const all = { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition };
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [all] });
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
  const [statement] = parsed.ok ? parsed.policy.statements : [];
  return statement && { ...statement, index };
}
