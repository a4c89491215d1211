/** Trust policies: who may assume a role. */
import { GetRoleCommand, ListRolesCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { principalName, withoutPath } from '../../policy/arn.ts';
import { decodePolicyDocument } from '../../policy/parsePolicy.ts';
import { allPages, orFault, restoreByWrites, unless } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, documentPart, makeSnapshot, partDocument } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';

export const roleTrust: TargetOperations = {
  read: (target, { iam }) => read(target, iam),
  async *list({ iam }, { accountId, region }) {
    for await (const arn of listRoles(iam)) yield { kind: 'role-trust', arn, accountId, region };
  },
  restore: ({ accepted, from }, { iam }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, iam),
      plan: () => {
        const { name } = principalName(accepted.target.arn);
        const document = partDocument(accepted, 'document') ?? '';
        return [
          {
            operation: 'UpdateAssumeRolePolicy',
            summary: `restore the trust policy of role ${name}`,
            send: () =>
              iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: document })),
          },
        ];
      },
    }),
};

async function read(target: TargetRef, iam: AwsClients['iam']): Promise<Snapshot> {
  const { name } = principalName(target.arn);
  const found = await unless(
    ['NoSuchEntityException', 'NoSuchEntity'],
    iam.send(new GetRoleCommand({ RoleName: name })),
  );
  if (found?.Role === undefined) return absentSnapshot(target);
  const { AssumeRolePolicyDocument: document, CreateDate: created, RoleId: uniqueId } = found.Role;
  return makeSnapshot({
    target,
    exists: true,
    ...(uniqueId === undefined ? {} : { uniqueId }),
    ...(created === undefined ? {} : { createdAt: created.toISOString() }),
    parts: documentPart(document === undefined ? undefined : decodePolicyDocument(document)),
  });
}

/** Yields the ARN of every role, without its path: names are unique in an account and events give no path. */
export async function* listRoles(iam: AwsClients['iam']): AsyncIterable<string> {
  const roles = allPages(async (marker) => {
    const page = await orFault(iam.send(new ListRolesCommand({ Marker: marker })));
    return { items: page.Roles ?? [], next: page.IsTruncated === true ? page.Marker : undefined };
  });
  for await (const { Arn: arn } of roles) if (arn !== undefined) yield withoutPath(arn);
}
