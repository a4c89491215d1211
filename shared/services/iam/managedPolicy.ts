/** Customer managed policies: judged on the document of their default version. */
import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  type PolicyUsageType,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { allPages, collectPages, orFault, restoreByWrites, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, canonicalDocument, makeSnapshot, partDocument } from '../../targets/snapshot.ts';
import type { Holders, Reached, Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';
import { versionsInTheWay } from './iamCommands.ts';
import { readManagedPolicy, readVersion } from './iamReads.ts';

/** A finding names this many holders of a usage, and says when there are more. */
const MAX_NAMED = 100;

/** A finding waits no longer than this for the names. */
const NAMES_WITHIN_MS = 2_000;

export const managedPolicy: TargetOperations = {
  read: async (target, { iam }) => read(target, iam),
  async withAddition(live, version, { iam }) {
    const document = await readVersion(iam, live.target.arn, version);
    return document === undefined
      ? undefined
      : makeSnapshot({ ...live, revision: version, parts: [{ id: 'document', role: 'grant', document }] });
  },
  reaches: async ({ arn }, { iam }) => readReached(arn, iam),
  async *list({ iam }, { accountId, region }) {
    const policies = allPages(async (marker) => {
      const page = await orFault(iam.send(new ListPoliciesCommand({ Scope: 'Local', Marker: marker })));
      return { items: page.Policies ?? [], next: page.IsTruncated === true ? page.Marker : undefined };
    });
    for await (const { Arn: arn } of policies)
      if (arn !== undefined) yield { kind: 'managed-policy', arn, accountId, region };
  },
  restore: ({ accepted, from }, { iam }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, iam),
      plan: (live) => planVersions({ accepted, live }, iam),
    }),
};

async function read(target: TargetRef, iam: AwsClients['iam']): Promise<Snapshot> {
  const found = await readManagedPolicy(iam, target.arn);
  if (found === undefined) return absentSnapshot(target);
  return makeSnapshot({
    target,
    exists: true,
    ...(found.policyId === undefined ? {} : { uniqueId: found.policyId }),
    ...(found.createdAt === undefined ? {} : { createdAt: found.createdAt.toISOString() }),
    ...(found.versionId === undefined ? {} : { revision: found.versionId }),
    parts: [{ id: 'document', role: 'grant', document: found.document }],
    // The command for people depends on which versions are left.
    restoreHints: { versions: await versionsOf(target.arn, iam) },
  });
}

/** Returns the ids of the policy's versions, the newest first. */
async function versionsOf(arn: string, iam: AwsClients['iam']): Promise<string[]> {
  return collectPages(async (marker) => {
    const page = await orFault(iam.send(new ListPolicyVersionsCommand({ PolicyArn: arn, Marker: marker })));
    const items = (page.Versions ?? []).flatMap(({ VersionId: id }) => id ?? []);
    return { items, next: page.IsTruncated === true ? page.Marker : undefined };
  });
}

/** One usage a call: asked about both at once, AWS does not say which is which. */
async function readReached(arn: string, iam: AwsClients['iam']): Promise<Reached> {
  const abortSignal = AbortSignal.timeout(NAMES_WITHIN_MS);
  const entities = async (usage: PolicyUsageType): Promise<Holders> => {
    const asked = { PolicyArn: arn, PolicyUsageFilter: usage, MaxItems: MAX_NAMED };
    const page = await orFault(iam.send(new ListEntitiesForPolicyCommand(asked), { abortSignal }));
    const names = [
      ...(page.PolicyRoles ?? []).map(({ RoleName: name }) => `role ${name}`),
      ...(page.PolicyUsers ?? []).map(({ UserName: name }) => `user ${name}`),
      ...(page.PolicyGroups ?? []).map(({ GroupName: name }) => `group ${name}`),
    ];
    return { names, hasMore: page.IsTruncated === true };
  };
  const [attachedTo, boundaryOf] = await Promise.all([
    entities('PermissionsPolicy'),
    entities('PermissionsBoundary'),
  ]);
  return { attachedTo, boundaryOf };
}

/**
 * Prefers making an existing version the default again: that needs no free slot. A new version is made only when no
 * stored one says the same; a slot is freed by the oldest version that is neither the default nor the accepted one.
 */
async function planVersions(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  iam: AwsClients['iam'],
): Promise<Write[]> {
  const { arn } = accepted.target;
  const wanted = partDocument(accepted, 'document') ?? '';
  const offendingId = live.revision;
  const versions = await versionsOf(arn, iam);
  const others = versions.filter((id) => id !== offendingId);
  const remove = (id: string): Write => ({
    operation: 'DeletePolicyVersion',
    summary: `delete version ${id} of ${arn}`,
    send: () => iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: id })),
  });
  const removeOffending = offendingId === undefined ? [] : [remove(offendingId)];
  const former = await findVersion(others, { arn, wanted }, iam);
  if (former !== undefined) {
    const setDefault: Write = {
      operation: 'SetDefaultPolicyVersion',
      summary: `make version ${former} of ${arn} the default again`,
      send: () => iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId: former })),
    };
    return [setDefault, ...removeOffending];
  }
  const create: Write = {
    operation: 'CreatePolicyVersion',
    summary: `create a version of ${arn} with the accepted document and make it the default`,
    send: () =>
      iam.send(
        new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: wanted, SetAsDefault: true }),
      ),
  };
  return [...versionsInTheWay(versions, offendingId).map(remove), create, ...removeOffending];
}

/** Returns the id of the newest version whose document is the wanted one. */
async function findVersion(
  ids: readonly string[],
  { arn, wanted }: { readonly arn: string; readonly wanted: string },
  iam: AwsClients['iam'],
): Promise<string | undefined> {
  for (const id of ids) {
    const document = await readVersion(iam, arn, id);
    if (document !== undefined && canonicalDocument(document) === canonicalDocument(wanted)) return id;
  }
  return undefined;
}
