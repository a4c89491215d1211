/** What the parts of an attachment target are called, and what a person types to attach again what was. */
import { parseArn, resourceName } from '../../policy/arn.ts';
import type { Snapshot } from '../../targets/target.ts';

/** How the ids of parts begin. */
export const ATTACHED = 'attached:';

/** The part that stands where no service control policy is in force. */
export const NO_LIMIT_ID = 'no-service-control-policy';

/** Attached to every target when service control policies are switched on, it lets everything pass. */
const FULL_ACCESS = 'p-FullAWSAccess';

/** There is one. */
const THE_ROOT = '"$(aws organizations list-roots --query "Roots[0].Id" --output text)"';

/** Returns the ids of the policies that are attached. */
export function attachedIds({ parts }: Pick<Snapshot, 'parts'>): string[] {
  return parts.flatMap(({ id }) => (id.startsWith(ATTACHED) ? [id.slice(ATTACHED.length)] : []));
}

/**
 * Returns the commands, in the order of a restore. Service control policies that were switched off are switched on again;
 * that they were off is brought back by nobody.
 * Source: Organizations User Guide, "Enabling a policy type", "Disabling a policy type".
 */
export function attachmentCommands(live: Snapshot, wanted: Snapshot): string[] {
  const [isOff, wasOff] = [live, wanted].map(({ parts }) => parts.some(({ id }) => id === NO_LIMIT_ID));
  const { resource } = parseArn(live.target.arn);
  const id = resourceName(live.target.arn);
  const isSwitched = isOff === true && wasOff === false;
  const before = attachedIds(wanted);
  const there = [...attachedIds(live), ...(isSwitched ? [FULL_ACCESS] : [])];
  const surplus = attachedIds({ parts: live.parts.filter(({ role }) => !wasOff || role !== 'boundary') });
  return [
    ...(isSwitched
      ? [
          `aws organizations enable-policy-type --policy-type SERVICE_CONTROL_POLICY --root-id ${resource.startsWith('root/') ? id : THE_ROOT}`,
        ]
      : []),
    // The last policy of a target cannot be detached.
    ...before
      .filter((one) => !there.includes(one))
      .map((one) => `aws organizations attach-policy --policy-id ${one} --target-id ${id}`),
    ...[...surplus, ...(isSwitched ? [FULL_ACCESS] : [])]
      .filter((one) => !before.includes(one))
      .map((one) => `aws organizations detach-policy --policy-id ${one} --target-id ${id}`),
  ];
}
