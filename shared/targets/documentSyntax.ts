/** How a document is read: by what it does, and by the kind that it belongs to. */
import type { PolicyType } from '../policy/ast.ts';
import type { PartRole } from './target.ts';

/** Kinds whose documents are control policies of an organization. */
const CONTROLS: ReadonlySet<string> = new Set(['organizations-policy', 'organizations-attachment']);

/** What of `parsePolicy`'s options the kind and the role decide. */
type DocumentSyntax = { readonly policyType: PolicyType; readonly isControl: boolean };

/** Returns how a document of that role is read, in a target of that kind (undefined: of no kind that the guard has). */
export function documentSyntax(role: PartRole, kind: string | undefined): DocumentSyntax {
  return {
    policyType: role === 'resource' || role === 'limit' ? 'RESOURCE_POLICY' : 'IDENTITY_POLICY',
    isControl: kind !== undefined && CONTROLS.has(kind),
  };
}
