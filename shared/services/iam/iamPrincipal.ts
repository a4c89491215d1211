/**
 * Roles, users and groups with everything that grants to them or limits them: inline and attached policies, those of
 * a user's groups, and the permissions boundary. A group's own policies are its own target; on a user they are read
 * for judging and restored by membership alone.
 */
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DeleteGroupPolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetGroupCommand,
  GetRoleCommand,
  GetUserCommand,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { type PrincipalType, principalName, withoutPath } from '../../policy/arn.ts';
import { allPages, collectPages, orFault, restoreByWrites, unless, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, canonicalDocument, makeSnapshot } from '../../targets/snapshot.ts';
import type { Reached, Snapshot, TargetOperations, TargetPart, TargetRef } from '../../targets/target.ts';
import { readAttached, readGrants } from './iamReads.ts';
import { listRoles } from './roleTrust.ts';

type Iam = AwsClients['iam'];

export const iamPrincipal: TargetOperations = {
  read: (target, { iam }) => read(target, iam),
  async withAddition(live, id, { iam }) {
    if (live.parts.some((part) => part.id === id)) return live;
    const parts = await addedParts(iam, id);
    // What cannot be read any more is no grant that anybody could name.
    if (parts.some(({ document }) => document === undefined)) return undefined;
    return makeSnapshot({ ...live, parts: [...live.parts, ...parts] });
  },
  async reaches({ arn }, { iam }) {
    const { type, name } = principalName(arn);
    return type === 'group' ? readMembers(iam, name) : undefined;
  },
  async *list({ iam }, { accountId, region }) {
    for await (const arn of listRoles(iam)) yield { kind: 'iam-principal', arn, accountId, region };
    for await (const arn of listUsersAndGroups(iam)) yield { kind: 'iam-principal', arn, accountId, region };
  },
  restore: ({ accepted, from }, { iam }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, iam),
      plan: (live) => planParts(accepted, live, iam),
    }),
};

async function* listUsersAndGroups(iam: Iam): AsyncIterable<string> {
  const users = allPages(async (marker) => {
    const page = await orFault(iam.send(new ListUsersCommand({ Marker: marker })));
    return { items: page.Users ?? [], next: page.IsTruncated === true ? page.Marker : undefined };
  });
  for await (const { Arn: arn } of users) if (arn !== undefined) yield withoutPath(arn);
  const groups = allPages(async (marker) => {
    const page = await orFault(iam.send(new ListGroupsCommand({ Marker: marker })));
    return { items: page.Groups ?? [], next: page.IsTruncated === true ? page.Marker : undefined };
  });
  for await (const { Arn: arn } of groups) if (arn !== undefined) yield withoutPath(arn);
}

type Identity = {
  readonly id: string | undefined;
  readonly created: Date | undefined;
  readonly boundary: string | undefined;
};

const GONE = ['NoSuchEntityException', 'NoSuchEntity'];

async function readIdentity(iam: Iam, type: PrincipalType, name: string): Promise<Identity | undefined> {
  switch (type) {
    case 'role': {
      const role = (await unless(GONE, iam.send(new GetRoleCommand({ RoleName: name }))))?.Role;
      return (
        role && {
          id: role.RoleId,
          created: role.CreateDate,
          boundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        }
      );
    }
    case 'user': {
      const user = (await unless(GONE, iam.send(new GetUserCommand({ UserName: name }))))?.User;
      return (
        user && {
          id: user.UserId,
          created: user.CreateDate,
          boundary: user.PermissionsBoundary?.PermissionsBoundaryArn,
        }
      );
    }
    case 'group': {
      const group = (await unless(GONE, iam.send(new GetGroupCommand({ GroupName: name, MaxItems: 1 }))))
        ?.Group;
      return group && { id: group.GroupId, created: group.CreateDate, boundary: undefined };
    }
  }
}

async function read(target: TargetRef, iam: Iam): Promise<Snapshot> {
  const { type, name } = principalName(target.arn);
  const identity = await readIdentity(iam, type, name);
  if (identity === undefined) return absentSnapshot(target);
  const parts: TargetPart[] = (await readGrants(iam, type, name)).map((grant) => ({
    ...grant,
    role: 'grant',
  }));
  if (type === 'user') {
    for (const group of await groupsOf(iam, name))
      parts.push(...(await groupParts(iam, group.name, group.id)));
  }
  if (identity.boundary !== undefined) {
    const held = await readAttached(iam, identity.boundary);
    parts.push({ ...held, id: `boundary:${identity.boundary}`, role: 'boundary' });
  }
  return makeSnapshot({
    target,
    exists: true,
    ...(identity.id === undefined ? {} : { uniqueId: identity.id }),
    ...(identity.created === undefined ? {} : { createdAt: identity.created.toISOString() }),
    parts,
  });
}

/** A finding names this many members, and says when there are more. */
const MAX_NAMED = 100;
/** A finding waits no longer than this for the names. */
const NAMES_WITHIN_MS = 2_000;

async function readMembers(iam: Iam, group: string): Promise<Reached | undefined> {
  const abortSignal = AbortSignal.timeout(NAMES_WITHIN_MS);
  const asked = new GetGroupCommand({ GroupName: group, MaxItems: MAX_NAMED });
  const page = await unless(GONE, iam.send(asked, { abortSignal }));
  const names = (page?.Users ?? []).flatMap(({ UserName: user }) =>
    user === undefined ? [] : [`user ${user}`],
  );
  return (
    page && {
      attachedTo: { names, hasMore: page.IsTruncated === true },
      boundaryOf: { names: [], hasMore: false },
    }
  );
}

/** A membership is a part of its own, so that joining a group without policies is seen and can be ended. */
async function groupParts(iam: Iam, group: string, id: string | undefined): Promise<TargetPart[]> {
  const grants = await readGrants(iam, 'group', group);
  const uid = id === undefined ? {} : { uid: id };
  return [
    { id: `group:${group}`, role: 'grant', ...uid, document: NO_GRANT },
    ...grants.map((grant) => ({
      ...uid,
      ...grant,
      id: `group:${group}/${grant.id}`,
      role: 'grant' as const,
    })),
  ];
}

async function addedParts(iam: Iam, id: string): Promise<TargetPart[]> {
  const [kind, name] = splitId(id);
  if (kind === 'group') return groupParts(iam, name, (await readIdentity(iam, 'group', name))?.id);
  return [{ ...(await readAttached(iam, name)), role: 'grant' }];
}

const NO_GRANT = '{"Version":"2012-10-17","Statement":[]}';

type GroupName = { readonly name: string; readonly id: string | undefined };

function groupsOf(iam: Iam, userName: string): Promise<GroupName[]> {
  return collectPages(async (marker) => {
    const page = await orFault(
      iam.send(new ListGroupsForUserCommand({ UserName: userName, Marker: marker })),
    );
    const items = (page.Groups ?? []).flatMap(({ GroupName: group, GroupId: id }) =>
      group === undefined ? [] : [{ name: group, id }],
    );
    return { items, next: page.IsTruncated === true ? page.Marker : undefined };
  });
}

/**
 * The principal never holds more than it did. What is put allows no more than what is there, so a Deny goes
 * only once what takes its place is there; and another boundary comes only once the grants are those it was meant for,
 * but before a Deny goes that it holds too.
 */
function planParts(accepted: Snapshot, live: Snapshot, iam: Iam): Write[] {
  const { type, name } = principalName(accepted.target.arn);
  const wanted = new Map(accepted.parts.map((part) => [part.id, part]));
  const there = new Map(live.parts.map((part) => [part.id, part]));
  const same = (part: TargetPart, other: TargetPart | undefined) =>
    other !== undefined && canonicalDocument(part.document) === canonicalDocument(other.document);
  const missing = accepted.parts.filter((part) => !same(part, there.get(part.id)));
  const surplus = live.parts.filter((part) => !wanted.has(part.id));
  const isBoundary = ({ role }: TargetPart) => role === 'boundary';
  const add = (part: TargetPart) => {
    const proved = accepted.parts.filter(({ id }) => id === part.id || id.startsWith(`${part.id}/`));
    return addPart(part, { type, name, whyNot: () => whyNotAsProved(proved, iam) }, iam);
  };
  const remove = (part: TargetPart) => removePart(part, { type, name }, iam);
  const [boundary, grants] = [missing.filter(isBoundary), missing.filter((part) => !isBoundary(part))];
  const [formerBoundary, gone] = [surplus.filter(isBoundary), surplus.filter((part) => !isBoundary(part))];
  // A group is left as a whole: what denies is what it gives.
  const takesDeny = ({ id }: TargetPart) =>
    gone.some((part) => (part.id === id || part.id.startsWith(`${id}/`)) && mayDeny(part));
  // A Deny may move from one text to another.
  const losesDeny = (part: TargetPart) => {
    const kept = new Set(deniesOf(part.document));
    return deniesOf(there.get(part.id)?.document).some((deny) => !kept.has(deny));
  };
  const isReplaced = live.parts.some(isBoundary);
  const denies = new Set(boundary.flatMap(({ document }) => deniesOf(document)));
  const isDeniedThere = ({ id }: TargetPart) => {
    const document = there.get(id)?.document;
    return document !== undefined && deniesOf(document).every((deny) => denies.has(deny));
  };
  const isDenier =
    denies.size > 0 && [...grants.filter(losesDeny), ...gone.filter(mayDeny)].every(isDeniedThere);
  // Putting another boundary replaces the old one; only where none is wanted is it taken away.
  const other = isReplaced ? boundary.flatMap(add) : [];
  return [
    ...(isReplaced ? [] : boundary.flatMap(add)),
    ...gone.filter((part) => !takesDeny(part)).flatMap(remove),
    ...grants.filter((part) => !losesDeny(part)).flatMap(add),
    ...(isDenier ? other : []),
    ...grants.filter(losesDeny).flatMap(add),
    ...gone.filter(takesDeny).flatMap(remove),
    ...(isDenier ? [] : other),
    ...(boundary.length > 0 ? [] : formerBoundary.flatMap(remove)),
  ];
}

function mayDeny({ document }: TargetPart): boolean {
  return document === undefined || deniesOf(document).length > 0;
}

/** The statements that deny, each as one text for all its spellings; none where there is no text. */
function deniesOf(document: string | undefined): readonly string[] {
  if (document === undefined) return [];
  const { Statement } = JSON.parse(canonicalDocument(document)) as { Statement: { Effect: string }[] }; // IAM keeps policies only.
  return Statement.filter(({ Effect }) => Effect === 'Deny').map((one) => JSON.stringify(one));
}

type Principal = { readonly type: PrincipalType; readonly name: string };

function splitId(id: string): readonly [kind: string, value: string] {
  const colon = id.indexOf(':');
  return [id.slice(0, colon), id.slice(colon + 1)];
}

/** A name may stand for another policy or group by now, or its text may say something else than was proved. */
async function whyNotAsProved(proved: readonly TargetPart[], iam: Iam): Promise<string | undefined> {
  const [{ id } = { id: '' }] = proved;
  const [kind, name] = splitId(id);
  const now = await addedParts(iam, kind === 'boundary' ? `attached:${name}` : id);
  const isSame = (part: TargetPart, other: TargetPart) =>
    (part.id === other.id || kind === 'boundary') &&
    (part.uid === undefined || other.uid === undefined || part.uid === other.uid) &&
    canonicalDocument(part.document) === canonicalDocument(other.document);
  const isAsProved =
    now.length === proved.length && proved.every((part) => now.some((other) => isSame(part, other)));
  return isAsProved
    ? undefined
    : `\`${name}\` says something else by now, or is another one of that name; look at it before it is given back by hand`;
}

type Adding = Principal & { readonly whyNot: NonNullable<Write['whyNot']> };

function addPart(part: TargetPart, { type, name, whyNot }: Adding, iam: Iam): Write[] {
  const [kind, value] = splitId(part.id);
  const write = (operation: string, summary: string, send: Write['send']): Write[] => [
    { operation, summary, send, ...(kind === 'inline' ? {} : { whyNot }) },
  ];
  const document = part.document ?? '';
  switch (kind) {
    case 'inline': {
      const summary = `restore inline policy ${value} of ${type} ${name}`;
      const input = { PolicyName: value, PolicyDocument: document };
      if (type === 'role')
        return write('PutRolePolicy', summary, () =>
          iam.send(new PutRolePolicyCommand({ RoleName: name, ...input })),
        );
      if (type === 'user')
        return write('PutUserPolicy', summary, () =>
          iam.send(new PutUserPolicyCommand({ UserName: name, ...input })),
        );
      return write('PutGroupPolicy', summary, () =>
        iam.send(new PutGroupPolicyCommand({ GroupName: name, ...input })),
      );
    }
    case 'attached': {
      const summary = `attach ${value} to ${type} ${name} again`;
      const input = { PolicyArn: value };
      if (type === 'role')
        return write('AttachRolePolicy', summary, () =>
          iam.send(new AttachRolePolicyCommand({ RoleName: name, ...input })),
        );
      if (type === 'user')
        return write('AttachUserPolicy', summary, () =>
          iam.send(new AttachUserPolicyCommand({ UserName: name, ...input })),
        );
      return write('AttachGroupPolicy', summary, () =>
        iam.send(new AttachGroupPolicyCommand({ GroupName: name, ...input })),
      );
    }
    case 'boundary': {
      const summary = `restore boundary ${value} of ${type} ${name}`;
      const input = { PermissionsBoundary: value };
      if (type === 'role') {
        return write('PutRolePermissionsBoundary', summary, () =>
          iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, ...input })),
        );
      }
      return write('PutUserPermissionsBoundary', summary, () =>
        iam.send(new PutUserPermissionsBoundaryCommand({ UserName: name, ...input })),
      );
    }
    default:
      if (value.includes('/')) return [];
      return write('AddUserToGroup', `add user ${name} to group ${value} again`, () =>
        iam.send(new AddUserToGroupCommand({ UserName: name, GroupName: value })),
      );
  }
}

function removePart(part: TargetPart, { type, name }: Principal, iam: Iam): Write[] {
  const [kind, value] = splitId(part.id);
  const write = (operation: string, summary: string, send: Write['send']): Write[] => [
    { operation, summary, send },
  ];
  switch (kind) {
    case 'inline': {
      const summary = `delete inline policy ${value} of ${type} ${name}`;
      const input = { PolicyName: value };
      if (type === 'role')
        return write('DeleteRolePolicy', summary, () =>
          iam.send(new DeleteRolePolicyCommand({ RoleName: name, ...input })),
        );
      if (type === 'user')
        return write('DeleteUserPolicy', summary, () =>
          iam.send(new DeleteUserPolicyCommand({ UserName: name, ...input })),
        );
      return write('DeleteGroupPolicy', summary, () =>
        iam.send(new DeleteGroupPolicyCommand({ GroupName: name, ...input })),
      );
    }
    case 'attached': {
      const summary = `detach ${value} from ${type} ${name}`;
      const input = { PolicyArn: value };
      if (type === 'role')
        return write('DetachRolePolicy', summary, () =>
          iam.send(new DetachRolePolicyCommand({ RoleName: name, ...input })),
        );
      if (type === 'user')
        return write('DetachUserPolicy', summary, () =>
          iam.send(new DetachUserPolicyCommand({ UserName: name, ...input })),
        );
      return write('DetachGroupPolicy', summary, () =>
        iam.send(new DetachGroupPolicyCommand({ GroupName: name, ...input })),
      );
    }
    case 'boundary': {
      const summary = `take boundary ${value} from ${type} ${name}`;
      if (type === 'role') {
        return write('DeleteRolePermissionsBoundary', summary, () =>
          iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name })),
        );
      }
      return write('DeleteUserPermissionsBoundary', summary, () =>
        iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: name })),
      );
    }
    default:
      if (value.includes('/')) return [];
      return write('RemoveUserFromGroup', `remove user ${name} from group ${value}`, () =>
        iam.send(new RemoveUserFromGroupCommand({ UserName: name, GroupName: value })),
      );
  }
}
