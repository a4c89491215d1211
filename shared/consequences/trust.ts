/** Whom policies name, and whom a trust policy lets in. */
import type { Engine } from '../checks/index.ts';
import type { Policy } from '../policy/ast.ts';
import { parsePolicy } from '../policy/parsePolicy.ts';
import type { NamedPolicy, PolicySet } from '../policy/policySet.ts';

/** Returns the ARNs of the account's roles and users that Allows name in full, each once. */
export function principalsIn({ policies }: PolicySet, accountId: string): string[] {
  const resources = policies.flatMap(({ policy }) =>
    policy.statements.flatMap(({ effect, resource }) =>
      effect === 'Allow' && resource !== undefined && !resource.negated
        ? resource.patterns.map(({ text }) => text)
        : [],
    ),
  );
  const named = new RegExp(`^arn:[\\w-]+:iam::${accountId}:(role|user)/[^*?$]+$`);
  return [...new Set(resources)].filter((text) => named.test(text));
}

/** Returns the services and identity providers that a trust policy lets in; `*` for all. */
export function servicesIn({ policies }: PolicySet): string[] {
  const patterns = policies.flatMap(({ policy }) =>
    policy.statements.flatMap(({ effect, principal }) => (effect === 'Allow' ? (principal ?? []) : [])),
  );
  if (patterns.some(({ negated }) => negated)) return ['*'];
  return patterns.flatMap((element) =>
    element.patterns.flatMap((pattern) =>
      // An identity pool is trusted as a provider, `cognito-identity.amazonaws.com`.
      pattern.kind === 'Service' || pattern.kind === 'Federated'
        ? [pattern.value]
        : pattern.kind === 'everyone'
          ? ['*']
          : [],
    ),
  );
}

/**
 * Returns false iff the trust policy is proved to let the role or user in by no call. What a condition asks of a session
 * (a tag, an external id, a second factor) the caller may have.
 */
export async function mayLetIn(
  trust: readonly { readonly policy: Policy }[],
  callerArn: string,
  engine: Pick<Engine, 'checkAccessNotGranted'>,
): Promise<boolean> {
  const policies = trust.map(({ policy }, index) => ({ name: `trust ${index}`, policy }));
  const { result } = await engine.checkAccessNotGranted({ policies: [...policies, allBut(callerArn)] }, [
    { actions: ['sts:AssumeRole'] },
  ]);
  return result !== 'PASS';
}

/** A Deny for everybody but the principal. */
function allBut(arn: string): NamedPolicy {
  const name = 'everybody else';
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Deny',
      Principal: '*',
      Action: '*',
      Resource: '*',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': arn } },
    },
  });
  const result = parsePolicy(text, { policyType: 'RESOURCE_POLICY', sourceName: name });
  if (!result.ok) throw new Error(`the Deny made for a question does not parse: ${text}`);
  return { name, policy: result.policy };
}
