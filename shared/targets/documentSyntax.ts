/** How a document is read: by what it does, and by the kind that it belongs to. */
import type { PolicyType, Syntax } from '../policy/ast.ts';
import type { PartRole } from './target.ts';

/** Kinds whose documents are control policies of an organization. */
const CONTROLS: ReadonlySet<string> = new Set(['organizations-policy', 'organizations-attachment']);

/** Returns how a document of that role is read, in a target of that kind (undefined: of no kind that the guard has). */
export function documentSyntax(
  role: PartRole,
  kind: string | undefined,
): Syntax & { readonly policyType: PolicyType } {
  return {
    policyType: role === 'grant' || role === 'boundary' ? 'IDENTITY_POLICY' : 'RESOURCE_POLICY',
    isControl: kind !== undefined && CONTROLS.has(kind),
    ...(role === 'gateway-limit' ? { endpoint: 'gateway' } : {}),
    ...(role === 'limit' && kind === 'vpc-endpoint-policy' ? { endpoint: 'unknown' } : {}),
  };
}

/** Returns the role of the policy of a VPC endpoint of that type: `Gateway`, `Interface`, …; undefined: it is not known. */
export function endpointRole(type: string | undefined): PartRole {
  if (type === undefined) return 'limit';
  return type === 'Gateway' ? 'gateway-limit' : 'interface-limit';
}
