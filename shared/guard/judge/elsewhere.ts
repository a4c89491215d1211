/** What other policies might grant where this target's Deny or limit is in force: then one that goes away is new access. */
import type { PolicyType } from '../../policy/ast.ts';
import { parsePolicy } from '../../policy/parsePolicy.ts';
import type { NamedPolicy } from '../../policy/policySet.ts';
import type { TargetAdapter, TargetRef } from '../../targets/target.ts';

const BESIDE_HOLDERS: { readonly [kind in TargetRef['kind']]?: string } = {
  'managed-policy': 'the other policies of whoever holds it',
  'organizations-policy': 'the control policies beside it',
};

/** Returns everything that others may grant beside the target; undefined where nothing else can. */
export function grantsElsewhere(
  target: TargetRef,
  adapter: Pick<TargetAdapter, 'grantedElsewhere'>,
): NamedPolicy | undefined {
  const all = { Effect: 'Allow', Action: '*', Resource: '*' };
  switch (adapter.grantedElsewhere(target)) {
    case 'by-holders':
      return namedPolicy(
        BESIDE_HOLDERS[target.kind] ?? 'the other policies of its members',
        'IDENTITY_POLICY',
        all,
      );
    case 'by-account':
      return namedPolicy(`an identity policy of account ${target.accountId}`, 'RESOURCE_POLICY', {
        ...all,
        Principal: { AWS: target.accountId },
      });
    case 'by-roles':
      return namedPolicy('the policies of its roles', 'IDENTITY_POLICY', all);
    case 'by-anyone':
      return namedPolicy('another policy', 'RESOURCE_POLICY', { ...all, Principal: '*' });
    case 'nowhere':
      return undefined;
  }
}

function namedPolicy(name: string, policyType: PolicyType, statement: object): NamedPolicy {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const result = parsePolicy(text, { policyType, sourceName: name });
  if (!result.ok) throw new Error(`the policy made for ${name} does not parse: is the account id none?`);
  return { name, policy: result.policy };
}
