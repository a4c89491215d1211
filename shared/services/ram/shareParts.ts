/**
 * The parts that tell what a resource share is made of. Each is there or not and grants nothing by itself: what they grant
 * together stands in the share's document. So a call that grants nothing yet is seen, and whose each of them is.
 */

import type { Snapshot } from '../../targets/target.ts';

/** Whom it is shared with. */
export const WITH = 'with:';
/** What is shared. */
export const SHARED = 'shared:';
/** What for: its document tells the version. */
export const HELD_BY = 'permission:';
/** The same of the permission that is its type's default one, which comes by itself with the first resource of the type. */
export const HELD_BY_DEFAULT = 'default-permission:';
/** It may be shared outside the organization. */
export const EXTERNAL = 'external';

/** What a restore writes back. JSON values only. */
export type ShareFacts = {
  readonly allowExternalPrincipals: boolean;
  readonly principals: readonly string[];
  readonly resources: readonly string[];
  readonly permissions: readonly HeldPermission[];
};

/** Returns what the share is made of, as it was read; undefined: this was not kept. */
export function factsOf({ restoreHints }: Snapshot): ShareFacts | undefined {
  return restoreHints?.['share'] as ShareFacts | undefined; // As `read` has it.
}

export type HeldPermission = {
  readonly arn: string;
  readonly version: number;
  /** Of the resources that it is for. Absent where a read of long ago did not keep it. */
  readonly resourceType?: string;
  /** The default permission of the type. */
  readonly isDefault?: true;
};

/**
 * Returns what makes the permissions of a share the wanted ones. A share holds one permission a type of resource: it is
 * replaced in one call, and goes by itself only after the last resource of its type.
 * Source: RAM API Reference, "AssociateResourceSharePermission", "DisassociateResourceSharePermission".
 */
export function permissionChanges(
  there: readonly HeldPermission[],
  wanted: readonly HeldPermission[],
): { readonly gone: readonly string[]; readonly put: readonly (HeldPermission & { replace: boolean })[] } {
  const isOfType = ({ resourceType: one }: HeldPermission, { resourceType: other }: HeldPermission) =>
    one === undefined || other === undefined || one.toLowerCase() === other.toLowerCase();
  const isIn = (list: readonly HeldPermission[], one: HeldPermission) =>
    list.some(({ arn }) => arn === one.arn);
  const put = wanted
    .filter((one) => !there.some(({ arn, version }) => arn === one.arn && version === one.version))
    .map((one) => ({ ...one, replace: isIn(there, one) || there.some((held) => isOfType(held, one)) }));
  const gone = there.filter((one) => !isIn(wanted, one) && !put.some((other) => isOfType(one, other)));
  return { gone: gone.map(({ arn }) => arn), put };
}
