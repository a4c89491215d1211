/**
 * Instance profiles: which role the instances that carry the profile may use. Another role in it is access that no
 * policy shows. Source: IAM User Guide, "Using instance profiles".
 */
import {
  GetInstanceProfileCommand,
  ListInstanceProfilesCommand,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import { withoutPath } from '../../policy/arn.ts';
import { allPages, orFault, restoreByWrites, TargetFault, unless, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetPart, TargetRef } from '../../targets/target.ts';
import { instanceRoleDocument } from './instanceRoleDocument.ts';

type Iam = AwsClients['iam'];

export const instanceProfile: TargetOperations = {
  read: (target, { iam }) => read(target, iam),
  async *list({ iam }, place) {
    const profiles = allPages(async (Marker) => {
      const page = await orFault(iam.send(new ListInstanceProfilesCommand({ Marker })));
      return {
        items: page.InstanceProfiles ?? [],
        next: page.IsTruncated === true ? page.Marker : undefined,
      };
    });
    for await (const { Arn: arn } of profiles)
      if (arn !== undefined) yield { kind: 'instance-profile', arn: withoutPath(arn), ...place };
  },
  restore: ({ accepted, from }, { iam }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, iam),
      plan: (live) => plan({ accepted, live }, iam),
    }),
};

function nameOf({ arn }: TargetRef): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

async function read(target: TargetRef, iam: Iam): Promise<Snapshot> {
  const found = await unless(
    ['NoSuchEntityException', 'NoSuchEntity'],
    iam.send(new GetInstanceProfileCommand({ InstanceProfileName: nameOf(target) })),
  );
  if (found?.InstanceProfile === undefined) return absentSnapshot(target);
  const { InstanceProfileId: uniqueId, CreateDate: created, Roles: roles = [] } = found.InstanceProfile;
  return makeSnapshot({
    target,
    exists: true,
    ...(uniqueId === undefined ? {} : { uniqueId }),
    ...(created === undefined ? {} : { createdAt: created.toISOString() }),
    parts: roles.map(
      ({ RoleName: name = '', Arn: arn = '' }): TargetPart => ({
        id: `role:${name}`,
        role: 'grant',
        document: instanceRoleDocument(arn),
      }),
    ),
  });
}

/** A profile holds one role at most, so the one that was not accepted goes first. None is put in again: that takes `iam:PassRole`. */
function plan(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  iam: Iam,
): Write[] {
  const InstanceProfileName = nameOf(accepted.target);
  const missing = (from: Snapshot, than: Snapshot) =>
    from.parts
      .filter(({ id }) => !than.parts.some((part) => part.id === id))
      .map(({ id }) => id.slice('role:'.length));
  return [
    ...missing(live, accepted).map((RoleName) => ({
      operation: 'RemoveRoleFromInstanceProfile',
      summary: `take role ${RoleName} out of instance profile ${InstanceProfileName}`,
      send: () => iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName })),
    })),
    ...missing(accepted, live).map((RoleName) => ({
      operation: 'AddRoleToInstanceProfile',
      summary: `put role ${RoleName} back into instance profile ${InstanceProfileName}`,
      send: () =>
        Promise.reject(
          new TargetFault(
            `role ${RoleName} must be put into ${InstanceProfileName} by hand: it takes iam:PassRole, which the guard does not hold`,
          ),
        ),
    })),
  ];
}
