/** The types of documents that a person can name, by AWS's words where it has them, with how each is read. */
import type { PolicyType, Syntax } from '../../shared/policy/ast.ts';

/** What of `parsePolicy`'s options a type decides. */
type DocumentType = Syntax & { readonly policyType: PolicyType };

/**
 * By name. The first four are those of Access Analyzer's ValidatePolicy; AWS has no name for the policies of VPC
 * endpoints, which are resource policies but for gateways: see `shared/policy/endpointPrincipals.ts`.
 */
export const POLICY_TYPES = {
  IDENTITY_POLICY: { policyType: 'IDENTITY_POLICY' },
  RESOURCE_POLICY: { policyType: 'RESOURCE_POLICY' },
  SERVICE_CONTROL_POLICY: { policyType: 'IDENTITY_POLICY', isControl: true },
  RESOURCE_CONTROL_POLICY: { policyType: 'RESOURCE_POLICY', isControl: true },
  VPC_ENDPOINT_POLICY: { policyType: 'RESOURCE_POLICY', endpoint: 'unknown' },
  GATEWAY_ENDPOINT_POLICY: { policyType: 'RESOURCE_POLICY', endpoint: 'gateway' },
  INTERFACE_ENDPOINT_POLICY: { policyType: 'RESOURCE_POLICY' },
} as const satisfies { readonly [name: string]: DocumentType };

/** One of them. */
export type PolicyTypeName = keyof typeof POLICY_TYPES;

/** All of them. */
export const POLICY_TYPE_NAMES = Object.keys(POLICY_TYPES) as PolicyTypeName[]; // Its own keys.

/** Returns true iff policies of the type grant nothing themselves: they let pass what others grant. */
export function isLimit(type: PolicyTypeName): boolean {
  return /_(?:CONTROL|ENDPOINT)_POLICY$/.test(type);
}
