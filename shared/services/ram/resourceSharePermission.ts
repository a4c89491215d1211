/**
 * Customer managed permissions of RAM: what resource shares that hold one grant, judged on the default version. A share
 * keeps the version it has, so a new default reaches new shares, and old ones when it is put into them.
 * Source: RAM API Reference, "CreatePermissionVersion", "DeletePermissionVersion"; RAM User Guide, "Quotas".
 */
import {
  CreatePermissionVersionCommand,
  DeletePermissionVersionCommand,
  GetPermissionCommand,
  ListPermissionAssociationsCommand,
  ListPermissionsCommand,
  ListPermissionVersionsCommand,
  SetDefaultPermissionVersionCommand,
} from '@aws-sdk/client-ram';
import {
  allPages,
  collectPages,
  orFault,
  restoreByWrites,
  TargetFault,
  unless,
  type Write,
} from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, canonicalDocument, makeSnapshot, partDocument } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';
import { parseTemplate } from './resourceShareDocument.ts';

type Ram = AwsClients['ram'];

const NOT_THERE = ['UnknownResourceException', 'ResourceArnNotFoundException'];
const MAX_VERSIONS = 5;

export const resourceSharePermission: TargetOperations = {
  read: (target, { ram }) => read(target, ram),
  async *list({ ram }, place) {
    const permissions = allPages(async (nextToken) => {
      const page = await orFault(
        ram.send(new ListPermissionsCommand({ permissionType: 'CUSTOMER_MANAGED', nextToken })),
      );
      return { items: page.permissions ?? [], next: page.nextToken };
    });
    // What RAM made of a resource's policy follows that policy, and cannot be written.
    for await (const { arn, status, featureSet } of permissions)
      if (arn !== undefined && !isGone(status) && featureSet !== 'CREATED_FROM_POLICY')
        yield { kind: 'resource-share-permission', arn, ...place };
  },
  restore: ({ accepted, from }, { ram }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, ram),
      plan: (live) => planVersions({ accepted, live }, ram),
    }),
};

/** What was deleted is shown for some hours more. */
function isGone(status: string | undefined): boolean {
  return status === 'DELETED' || status === 'DELETING';
}

async function read(target: TargetRef, ram: Ram): Promise<Snapshot> {
  const found = await unless(NOT_THERE, ram.send(new GetPermissionCommand({ permissionArn: target.arn })));
  const permission = found?.permission;
  if (permission === undefined || isGone(permission.status)) return absentSnapshot(target);
  const { permission: template, version, creationTime: created } = permission;
  return makeSnapshot({
    target,
    exists: true,
    ...(created === undefined ? {} : { createdAt: created.toISOString() }),
    ...(version === undefined ? {} : { revision: version }),
    parts: [{ id: 'document', role: 'grant', document: permissionDocument(template) }],
    // The command for people depends on which versions are left.
    restoreHints: { template, versions: await versionsOf(target.arn, ram) },
  });
}

async function versionsOf(permissionArn: string, ram: Ram): Promise<string[]> {
  return collectPages(async (nextToken) => {
    const page = await orFault(ram.send(new ListPermissionVersionsCommand({ permissionArn, nextToken })));
    const kept = (page.permissions ?? []).filter(({ status }) => !isGone(status));
    return { items: kept.flatMap(({ version }) => version ?? []), next: page.nextToken };
  });
}

/** RAM puts resources and principals in, where a share holds it; here it stands for any. */
function permissionDocument(template: string | undefined): string | undefined {
  const granted = parseTemplate(template);
  if (granted === undefined) return undefined;
  const { action: Action, condition } = granted;
  const conditions = Object.keys(condition).length > 0 ? { Condition: condition } : {};
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*', ...conditions }],
  });
}

/** As of managed policies: a stored version that says the same becomes the default again, else one is made. */
async function planVersions(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  ram: Ram,
): Promise<Write[]> {
  const { arn: permissionArn } = accepted.target;
  const versions = await versionsOf(permissionArn, ram);
  const offendingVersion = live.revision;
  const others = versions.filter((version) => version !== offendingVersion);
  const remove = (version: string): Write => ({
    operation: 'DeletePermissionVersion',
    summary: `delete version ${version} of ${permissionArn}`,
    send: () =>
      ram.send(new DeletePermissionVersionCommand({ permissionArn, permissionVersion: Number(version) })),
  });
  // A version that shares hold stays: RAM does not delete it, and the shares are judged themselves.
  const unused = async (version: string) => !(await isHeld({ permissionArn, version }, ram));
  const removeOffending =
    offendingVersion !== undefined && (await unused(offendingVersion)) ? [remove(offendingVersion)] : [];
  const former = await findVersion(others, accepted, ram);
  if (former !== undefined) {
    const setDefault: Write = {
      operation: 'SetDefaultPermissionVersion',
      summary: `make version ${former} of ${permissionArn} the default again`,
      send: () =>
        ram.send(
          new SetDefaultPermissionVersionCommand({ permissionArn, permissionVersion: Number(former) }),
        ),
    };
    return [setDefault, ...removeOffending];
  }
  const policyTemplate = accepted.restoreHints?.['template'] as string | undefined; // As it was read.
  if (policyTemplate === undefined)
    throw new TargetFault(
      'the template of the version before was not kept, and RAM has that version no longer',
    );
  const create: Write = {
    operation: 'CreatePermissionVersion',
    summary: `create a version of ${permissionArn} with the accepted template, which makes it the default`,
    send: () => ram.send(new CreatePermissionVersionCommand({ permissionArn, policyTemplate })),
  };
  const freeSlot = versions.length < MAX_VERSIONS ? undefined : await firstUnused(others, unused);
  return [...(freeSlot === undefined ? [] : [remove(freeSlot)]), create, ...removeOffending];
}

async function isHeld(
  { permissionArn, version }: { readonly permissionArn: string; readonly version: string },
  ram: Ram,
): Promise<boolean> {
  const associations = allPages(async (nextToken) => {
    const of = { permissionArn, permissionVersion: Number(version), nextToken };
    const page = await orFault(ram.send(new ListPermissionAssociationsCommand(of)));
    return { items: page.permissions ?? [], next: page.nextToken };
  });
  for await (const _ of associations) return true;
  return false;
}

async function firstUnused(
  versions: readonly string[],
  unused: (version: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const version of [...versions].sort((a, b) => Number(a) - Number(b)))
    if (await unused(version)) return version;
  return undefined;
}

/** Returns the first version that grants what was accepted. */
async function findVersion(
  versions: readonly string[],
  accepted: Snapshot,
  ram: Ram,
): Promise<string | undefined> {
  const wanted = canonicalDocument(partDocument(accepted, 'document'));
  for (const version of versions) {
    const one = { permissionArn: accepted.target.arn, permissionVersion: Number(version) };
    const { permission } = await orFault(ram.send(new GetPermissionCommand(one)));
    if (canonicalDocument(permissionDocument(permission?.permission)) === wanted) return version;
  }
  return undefined;
}
