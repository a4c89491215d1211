/** Resource shares of RAM: with whom resources are shared, and what for. */
import {
  AssociateResourceShareCommand,
  AssociateResourceSharePermissionCommand,
  DisassociateResourceShareCommand,
  DisassociateResourceSharePermissionCommand,
  GetPermissionCommand,
  GetResourceShareAssociationsCommand,
  GetResourceSharesCommand,
  ListPermissionAssociationsCommand,
  ListReplacePermissionAssociationsWorkCommand,
  ListResourceSharePermissionsCommand,
  ListResourcesCommand,
  type ResourceShareAssociationStatus,
  UpdateResourceShareCommand,
} from '@aws-sdk/client-ram';
import { parseArn } from '../../policy/arn.ts';
import {
  allPages,
  collectPages,
  liesBetween,
  orFault,
  restoreByWrites,
  TargetFault,
  unless,
  type Write,
} from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetPart, TargetRef } from '../../targets/target.ts';
import { type Permission, shareDocument } from './resourceShareDocument.ts';
import {
  EXTERNAL,
  factsOf,
  HELD_BY,
  HELD_BY_DEFAULT,
  type HeldPermission,
  permissionChanges,
  SHARED,
  type ShareFacts,
  WITH,
} from './shareParts.ts';

type Ram = AwsClients['ram'];

const OWN = { resourceOwner: 'SELF' } as const;
const NOT_THERE = ['UnknownResourceException', 'ResourceArnNotFoundException'];

export const resourceShare: TargetOperations = {
  resolve: async (target, { ram }) =>
    parseArn(target.arn).resource.startsWith('permission/') ? sharesWith(target, ram) : [target],
  read: (target, { ram }) => read(target, ram),
  async *list({ ram }, place) {
    const shares = allPages(async (nextToken) => {
      const page = await orFault(ram.send(new GetResourceSharesCommand({ ...OWN, nextToken })));
      return { items: page.resourceShares ?? [], next: page.nextToken };
    });
    for await (const { resourceShareArn: arn, status } of shares)
      if (arn !== undefined && !isGone(status)) yield { kind: 'resource-share', arn, ...place };
  },
  restore: ({ accepted, from }, { ram }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, ram),
      plan: (live) => plan({ accepted, live }, ram),
      isHalfway: (live) =>
        live.exists && liesBetween(elementsOf(live), [elementsOf(accepted), elementsOf(from)]),
    }),
};

/** A share that was deleted is shown for some hours more. */
function isGone(status: string | undefined): boolean {
  return status === 'DELETED' || status === 'DELETING';
}

/**
 * Returns the shares that hold the permission, which an event names in their place. RAM replaces a permission some time
 * after the call; until it is done, the event is to come again.
 * Source: RAM API Reference, "ReplacePermissionAssociations", "ListReplacePermissionAssociationsWork".
 */
async function sharesWith({ arn: permissionArn, ...target }: TargetRef, ram: Ram): Promise<TargetRef[]> {
  const works = allPages(async (nextToken) => {
    const asked = { status: 'IN_PROGRESS', nextToken } as const;
    const page = await orFault(ram.send(new ListReplacePermissionAssociationsWorkCommand(asked)));
    return { items: page.replacePermissionAssociationsWorks ?? [], next: page.nextToken };
  });
  for await (const { fromPermissionArn, toPermissionArn } of works)
    if ([fromPermissionArn, toPermissionArn].includes(permissionArn))
      throw new TargetFault(
        `RAM is still replacing ${fromPermissionArn} by ${toPermissionArn} in its shares`,
      );
  const arns = await collectPages(async (nextToken) => {
    const page = await orFault(ram.send(new ListPermissionAssociationsCommand({ permissionArn, nextToken })));
    return {
      items: (page.permissions ?? []).flatMap(({ resourceShareArn }) => resourceShareArn ?? []),
      next: page.nextToken,
    };
  });
  return [...new Set(arns)].map((arn) => ({ ...target, arn }));
}

async function read(target: TargetRef, ram: Ram): Promise<Snapshot> {
  const resourceShareArns = [target.arn];
  const found = await unless(
    NOT_THERE,
    ram.send(new GetResourceSharesCommand({ ...OWN, resourceShareArns })),
  );
  const share = found?.resourceShares?.[0];
  if (share === undefined || isGone(share.status)) return absentSnapshot(target);
  const principals = await principalsOf(target, ram);
  const resources = await collectPages(async (nextToken) => {
    const page = await orFault(ram.send(new ListResourcesCommand({ ...OWN, resourceShareArns, nextToken })));
    const items = (page.resources ?? []).map(({ arn = '', type = '' }) => ({ arn, type }));
    return { items, next: page.nextToken };
  });
  const permissions = await readPermissions(target, ram);
  const { allowExternalPrincipals = false, creationTime: created } = share;
  const sorted = {
    principals: principals.sort(),
    resources: resources.sort((a, b) => (a.arn < b.arn ? -1 : 1)),
    permissions: permissions.sort((a, b) => (a.arn < b.arn ? -1 : 1)),
  };
  const facts: ShareFacts = {
    allowExternalPrincipals,
    principals: sorted.principals,
    resources: sorted.resources.map(({ arn }) => arn),
    permissions: sorted.permissions.map(({ template: _, ...held }) => held),
  };
  return makeSnapshot({
    target,
    exists: true,
    // The ARN of a share is never used again.
    uniqueId: target.arn,
    ...(created === undefined ? {} : { createdAt: created.toISOString() }),
    parts: [
      {
        id: 'document',
        role: 'resource',
        document: shareDocument({ arn: target.arn, allowExternalPrincipals, ...sorted }),
      },
      ...elementPartsOf(facts),
    ],
    restoreHints: { share: facts },
  });
}

function elementPartsOf({
  principals,
  resources,
  permissions,
  allowExternalPrincipals,
}: ShareFacts): TargetPart[] {
  const part = (id: string, said: { readonly Id?: string } = {}): TargetPart => ({
    id,
    role: 'resource',
    document: JSON.stringify({ Version: '2012-10-17', ...said, Statement: [] }),
  });
  return [
    ...principals.map((principal) => part(`${WITH}${principal}`)),
    ...resources.map((arn) => part(`${SHARED}${arn}`)),
    ...permissions.map(({ arn, version, isDefault }) =>
      part(`${isDefault === true ? HELD_BY_DEFAULT : HELD_BY}${arn}`, { Id: String(version) }),
    ),
    ...(allowExternalPrincipals ? [part(EXTERNAL)] : []),
  ];
}

const NOT_ASSOCIATED: readonly (ResourceShareAssociationStatus | undefined)[] = [
  'FAILED',
  'DISASSOCIATING',
  'DISASSOCIATED',
];

/**
 * RAM associates some time after the call, and with an account outside the organization not before that account accepts,
 * of which no event is told here. So whoever is named counts as there already.
 */
async function principalsOf({ arn }: TargetRef, ram: Ram): Promise<string[]> {
  const associations = await collectPages(async (nextToken) => {
    const asked = { resourceShareArns: [arn], nextToken };
    const page = await orFault(
      ram.send(new GetResourceShareAssociationsCommand({ associationType: 'PRINCIPAL', ...asked })),
    );
    return { items: page.resourceShareAssociations ?? [], next: page.nextToken };
  });
  const named = associations.flatMap(({ associatedEntity, status }) =>
    associatedEntity === undefined || NOT_ASSOCIATED.includes(status) ? [] : [associatedEntity],
  );
  return [...new Set(named)];
}

type HeldTemplate = Permission & HeldPermission;

async function readPermissions({ arn: resourceShareArn }: TargetRef, ram: Ram): Promise<HeldTemplate[]> {
  const summaries = await collectPages(async (nextToken) => {
    const page = await orFault(
      ram.send(new ListResourceSharePermissionsCommand({ resourceShareArn, nextToken })),
    );
    return { items: page.permissions ?? [], next: page.nextToken };
  });
  const permissions: HeldTemplate[] = [];
  for (const { arn = '', version = '1', resourceType = '', isResourceTypeDefault } of summaries) {
    const permissionVersion = Number(version);
    const found = await orFault(
      ram.send(new GetPermissionCommand({ permissionArn: arn, permissionVersion })),
    );
    permissions.push({
      arn,
      version: permissionVersion,
      resourceType,
      ...(isResourceTypeDefault === true ? { isDefault: true } : {}),
      template: found.permission?.permission,
    });
  }
  return permissions;
}

function keptFacts(snapshot: Snapshot): ShareFacts {
  const share = factsOf(snapshot);
  if (share === undefined)
    throw new TargetFault('the kept version of the resource share does not say what was shared');
  return share;
}

/** What the share is made of: each of what is in it, with whom, by which permission. */
function elementsOf(snapshot: Snapshot): string[] {
  return Object.entries(keptFacts(snapshot)).flatMap(([name, value]) =>
    [value].flat().map((element) => JSON.stringify([name, element])),
  );
}

/** What was not accepted is taken away before anything comes back. */
function plan(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  ram: Ram,
): Write[] {
  const resourceShareArn = accepted.target.arn;
  const [wanted, there] = [keptFacts(accepted), keptFacts(live)];
  const without = (list: readonly string[], known: readonly string[]) =>
    list.filter((one) => !known.includes(one));
  const [surplus, missing] = [
    {
      principals: without(there.principals, wanted.principals),
      resourceArns: without(there.resources, wanted.resources),
    },
    {
      principals: without(wanted.principals, there.principals),
      resourceArns: without(wanted.resources, there.resources),
    },
  ];
  const named = ({ principals, resourceArns }: typeof surplus) => [...principals, ...resourceArns].join(', ');
  const writes: Write[] = [];
  if (named(surplus) !== '')
    writes.push({
      operation: 'DisassociateResourceShare',
      summary: `take ${named(surplus)} out of ${resourceShareArn}`,
      send: () => ram.send(new DisassociateResourceShareCommand({ resourceShareArn, ...surplus })),
    });
  const { gone, put } = permissionChanges(there.permissions, wanted.permissions);
  for (const permissionArn of gone)
    writes.push({
      operation: 'DisassociateResourceSharePermission',
      summary: `take permission ${permissionArn} from ${resourceShareArn}`,
      send: () =>
        ram.send(new DisassociateResourceSharePermissionCommand({ resourceShareArn, permissionArn })),
    });
  for (const { arn: permissionArn, version: permissionVersion, replace } of put)
    writes.push({
      operation: 'AssociateResourceSharePermission',
      summary: `restore version ${permissionVersion} of permission ${permissionArn} in ${resourceShareArn}`,
      whyNot: () => whyNotGiven({ permissionArn, permissionVersion }, ram),
      send: () =>
        ram.send(
          new AssociateResourceSharePermissionCommand({
            resourceShareArn,
            permissionArn,
            permissionVersion,
            replace,
          }),
        ),
    });
  if (wanted.allowExternalPrincipals !== there.allowExternalPrincipals)
    writes.push({
      operation: 'UpdateResourceShare',
      summary: `${wanted.allowExternalPrincipals ? 'let' : 'no longer let'} ${resourceShareArn} be shared outside the organization`,
      send: () =>
        ram.send(
          new UpdateResourceShareCommand({
            resourceShareArn,
            allowExternalPrincipals: wanted.allowExternalPrincipals,
          }),
        ),
    });
  if (named(missing) !== '')
    writes.push({
      operation: 'AssociateResourceShare',
      summary: `put ${named(missing)} back into ${resourceShareArn}`,
      send: () => ram.send(new AssociateResourceShareCommand({ resourceShareArn, ...missing })),
    });
  return writes;
}

/** RAM puts a permission into a share in its default version alone. Source: RAM API Reference, "AssociateResourceSharePermission". */
async function whyNotGiven(
  {
    permissionArn,
    permissionVersion,
  }: { readonly permissionArn: string; readonly permissionVersion: number },
  ram: Ram,
): Promise<string | undefined> {
  const found = await unless(NOT_THERE, ram.send(new GetPermissionCommand({ permissionArn })));
  const version = found?.permission?.version;
  if (version === String(permissionVersion)) return undefined;
  return version === undefined
    ? `permission ${permissionArn} is gone`
    : `version ${permissionVersion} of permission ${permissionArn} is not its default, which is version ${version}, and RAM gives a share no other; make it the default first`;
}
