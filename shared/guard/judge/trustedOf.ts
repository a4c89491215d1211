/** The zone of trust as it holds for one target. */
import type { Trusted } from '../../checks/index.ts';
import type { TargetRef } from '../../targets/target.ts';
import type { ZoneOfTrust } from '../config.ts';

/**
 * Only AWS changes these roles: what IAM answers everybody else is that the role is protected.
 * Source: AWS re:Post, "Cannot perform the operation on the protected role AWSReservedSSO".
 */
const RESERVED_ROLE = /:role\/(?:.*\/)?AWSReservedSSO_[^/]+$/;

/** Returns whom the target may let in. Its own account is always trusted. */
export function trustedOf(
  { accounts, identityCenter, ...zone }: ZoneOfTrust,
  { kind, arn, accountId }: TargetRef,
): Trusted {
  const isReserved = kind === 'role-trust' && RESERVED_ROLE.test(arn);
  return { ...zone, accounts: [accountId, ...accounts], identityCenter: identityCenter && isReserved };
}

/** Returns the accounts that are no strangers to the target. */
export function knownTo({ accounts }: ZoneOfTrust, { accountId }: TargetRef): readonly string[] {
  return [accountId, ...accounts];
}
