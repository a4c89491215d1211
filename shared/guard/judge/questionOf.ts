/** The question of an addition, as it is asked of one target: where it is looked for, and where it is to have gone. */
import type { AccessQuestion, Trusted } from '../../checks/index.ts';
import type { Addition } from '../../findings/finding.ts';
import type { TargetAdapter, TargetRef } from '../../targets/target.ts';
import { accessOf, type Config, type ZoneOfTrust } from '../config.ts';

type Asking = {
  readonly config: Pick<Config, 'criticalAccess' | 'zoneOfTrust'>;
  readonly adapter: Pick<TargetAdapter, 'resourceType'>;
};

/** Returns the question. Whoever is of the target's own account is no stranger to it, and is trusted. */
export function questionOf(
  { check, listName }: Pick<Addition, 'check' | 'listName'>,
  target: TargetRef,
  { config: { criticalAccess, zoneOfTrust }, adapter: { resourceType } }: Asking,
): AccessQuestion {
  switch (check) {
    case 'no-public-access':
      return { check, resourceType, known: [target.accountId, ...zoneOfTrust.accounts] };
    case 'no-external-access':
      return { check, trusted: trustedOf(zoneOfTrust, target) };
    case 'access-not-granted': {
      const list = criticalAccess.find(({ name }) => name === listName);
      // Without its list it is new access like any other, and closes no sooner.
      if (list === undefined) return { check: 'no-new-access' };
      return { check, access: accessOf(list) };
    }
    case 'no-new-access':
    case 'dormant-access':
    case 'document':
      return { check: 'no-new-access' };
  }
}

/**
 * Only AWS changes these roles: what IAM answers everybody else is that the role is protected.
 * Source: AWS re:Post, "Cannot perform the operation on the protected role AWSReservedSSO".
 */
const RESERVED_ROLE = /:role\/(?:.*\/)?AWSReservedSSO_[^/]+$/;

function trustedOf(
  { accounts, identityCenter, ...zone }: ZoneOfTrust,
  { kind, arn, accountId }: TargetRef,
): Trusted {
  const isReserved = kind === 'role-trust' && RESERVED_ROLE.test(arn);
  return { ...zone, accounts: [accountId, ...accounts], identityCenter: identityCenter && isReserved };
}
