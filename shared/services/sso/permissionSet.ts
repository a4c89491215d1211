/**
 * Permission sets of IAM Identity Center: what whoever is assigned one may do in an account. Parts are the inline
 * policy, AWS's managed policies, references to policies that each account has under a name, and the boundary. A
 * restore reaches the accounts only when the set is provisioned again.
 * Source: IAM Identity Center API Reference; User Guide, "Permission sets".
 */
import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  AttachManagedPolicyToPermissionSetCommand,
  type CustomerManagedPolicyReference,
  DeleteInlinePolicyFromPermissionSetCommand,
  DeletePermissionsBoundaryFromPermissionSetCommand,
  DescribePermissionSetCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  DetachManagedPolicyFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
  type PermissionsBoundary,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
} from '@aws-sdk/client-sso-admin';
import { collectPages, orFault, restoreByWrites, unless, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, makeSnapshot, partDocument } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetPart, TargetRef } from '../../targets/target.ts';
import { readManagedPolicy } from '../iam/iamReads.ts';
import { NOT_THERE, permissionSets, placeOf } from './identityCenter.ts';

const MANAGED = 'attached:';
const NAMED = 'named:';
const BOUNDARY = 'boundary:';

export const permissionSet: TargetOperations = {
  read: readSet,
  async *list({ ssoAdmin }, place) {
    for await (const arn of permissionSets(ssoAdmin)) yield { kind: 'permission-set', arn, ...place };
  },
  restore: ({ accepted, from }, clients) =>
    restoreByWrites({
      accepted,
      from,
      read: () => readSet(accepted.target, clients),
      plan: (live) => plan({ accepted, live }, clients),
    }),
};

async function readSet(target: TargetRef, { ssoAdmin, iam }: AwsClients): Promise<Snapshot> {
  const place = placeOf(target);
  const found = await unless(NOT_THERE, ssoAdmin.send(new DescribePermissionSetCommand(place)));
  if (found?.PermissionSet === undefined) return absentSnapshot(target);
  const { CreatedDate: created } = found.PermissionSet;
  const parts: TargetPart[] = [];
  const { InlinePolicy: inline } = await orFault(
    ssoAdmin.send(new GetInlinePolicyForPermissionSetCommand(place)),
  );
  if (inline !== undefined && inline !== '') parts.push({ id: 'inline', role: 'grant', document: inline });
  const managed = await collectPages(async (NextToken) => {
    const page = await orFault(
      ssoAdmin.send(new ListManagedPoliciesInPermissionSetCommand({ ...place, NextToken })),
    );
    return { items: page.AttachedManagedPolicies ?? [], next: page.NextToken };
  });
  for (const { Arn: arn = '' } of managed)
    parts.push({
      id: `${MANAGED}${arn}`,
      role: 'grant',
      document: (await readManagedPolicy(iam, arn))?.document,
    });
  const named = await collectPages(async (NextToken) => {
    const page = await orFault(
      ssoAdmin.send(new ListCustomerManagedPolicyReferencesInPermissionSetCommand({ ...place, NextToken })),
    );
    return { items: page.CustomerManagedPolicyReferences ?? [], next: page.NextToken };
  });
  for (const reference of named)
    parts.push({ id: `${NAMED}${pathOf(reference)}`, role: 'grant', document: namedDocument(reference) });
  const boundary = await unless(
    NOT_THERE,
    ssoAdmin.send(new GetPermissionsBoundaryForPermissionSetCommand(place)),
  );
  const limit = boundary?.PermissionsBoundary;
  if (limit !== undefined) parts.push(await boundaryPart(limit, iam));
  return makeSnapshot({
    target,
    exists: true,
    ...(created === undefined ? {} : { createdAt: created.toISOString() }),
    parts,
  });
}

const toReference = (path: string): CustomerManagedPolicyReference => {
  const at = path.lastIndexOf('/') + 1;
  return { Path: path.slice(0, at), Name: path.slice(at) };
};

/** `name`: an ARN, or path and name of the policy that each account has. */
const toBoundary = (name: string): PermissionsBoundary =>
  name.startsWith('arn:')
    ? { ManagedPolicyArn: name }
    : { CustomerManagedPolicyReference: toReference(name) };

const pathOf = ({ Path: path = '/', Name: name = '' }: CustomerManagedPolicyReference) => `${path}${name}`;

/** What it grants differs from account to account; that it is there is a grant of its own kind. */
function namedDocument(reference: CustomerManagedPolicyReference): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'ratchet:WhatThePolicyGrants',
        Resource: `arn:aws:iam:::policy${pathOf(reference)}`,
      },
    ],
  });
}

/** What a boundary by name lets pass differs from account to account: it cannot be judged. */
async function boundaryPart(limit: PermissionsBoundary, iam: AwsClients['iam']): Promise<TargetPart> {
  const { ManagedPolicyArn: arn, CustomerManagedPolicyReference: reference } = limit;
  if (arn === undefined)
    return { id: `${BOUNDARY}${pathOf(reference ?? { Name: '' })}`, role: 'boundary', document: undefined };
  return {
    id: `${BOUNDARY}${arn}`,
    role: 'boundary',
    document: (await readManagedPolicy(iam, arn))?.document,
  };
}

type Versions = { readonly accepted: Snapshot; readonly live: Snapshot };

/** What is not accepted goes before anything comes back; then the accounts are told. */
function plan({ accepted, live }: Versions, { ssoAdmin }: AwsClients): Write[] {
  const place = placeOf(accepted.target);
  const named = (snapshot: Snapshot, prefix: string) =>
    snapshot.parts.flatMap(({ id }) => (id.startsWith(prefix) ? [id.slice(prefix.length)] : []));
  const only = (list: readonly string[], others: readonly string[]) =>
    list.filter((one) => !others.includes(one));
  const swap = (
    prefix: string,
    { detach, attach }: { readonly [way in 'detach' | 'attach']: (name: string) => Write },
  ): Write[] => {
    const [wanted, there] = [named(accepted, prefix), named(live, prefix)];
    return [...only(there, wanted).map(detach), ...only(wanted, there).map(attach)];
  };
  const writes: Write[] = [
    ...boundaryWrites({ accepted, live }, ssoAdmin, place),
    ...swap(MANAGED, {
      detach: (ManagedPolicyArn) => ({
        operation: 'DetachManagedPolicyFromPermissionSet',
        summary: `detach ${ManagedPolicyArn} from the permission set`,
        send: () =>
          ssoAdmin.send(new DetachManagedPolicyFromPermissionSetCommand({ ...place, ManagedPolicyArn })),
      }),
      attach: (ManagedPolicyArn) => ({
        operation: 'AttachManagedPolicyToPermissionSet',
        summary: `attach ${ManagedPolicyArn} to the permission set`,
        send: () =>
          ssoAdmin.send(new AttachManagedPolicyToPermissionSetCommand({ ...place, ManagedPolicyArn })),
      }),
    }),
    ...swap(NAMED, {
      detach: (path) => ({
        operation: 'DetachCustomerManagedPolicyReferenceFromPermissionSet',
        summary: `detach the policy named ${path} from the permission set`,
        send: () =>
          ssoAdmin.send(
            new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({
              ...place,
              CustomerManagedPolicyReference: toReference(path),
            }),
          ),
      }),
      attach: (path) => ({
        operation: 'AttachCustomerManagedPolicyReferenceToPermissionSet',
        summary: `attach the policy named ${path} to the permission set`,
        send: () =>
          ssoAdmin.send(
            new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({
              ...place,
              CustomerManagedPolicyReference: toReference(path),
            }),
          ),
      }),
    }),
    ...inlineWrites({ accepted, live }, ssoAdmin, place),
  ];
  if (writes.length === 0) return [];
  return [
    ...writes,
    {
      operation: 'ProvisionPermissionSet',
      summary: 'provision the permission set in every account that has it',
      send: () =>
        ssoAdmin.send(
          new ProvisionPermissionSetCommand({ ...place, TargetType: 'ALL_PROVISIONED_ACCOUNTS' }),
        ),
    },
  ];
}

type Place = ReturnType<typeof placeOf>;

function inlineWrites({ accepted, live }: Versions, ssoAdmin: AwsClients['ssoAdmin'], place: Place): Write[] {
  const [wanted, there] = [accepted, live].map((snapshot) => partDocument(snapshot, 'inline'));
  if (wanted === there) return [];
  return wanted === undefined
    ? [
        {
          operation: 'DeleteInlinePolicyFromPermissionSet',
          summary: 'remove the inline policy of the permission set',
          send: () => ssoAdmin.send(new DeleteInlinePolicyFromPermissionSetCommand(place)),
        },
      ]
    : [
        {
          operation: 'PutInlinePolicyToPermissionSet',
          summary: 'restore the inline policy of the permission set',
          send: () =>
            ssoAdmin.send(new PutInlinePolicyToPermissionSetCommand({ ...place, InlinePolicy: wanted })),
        },
      ];
}

function boundaryWrites(
  { accepted, live }: Versions,
  ssoAdmin: AwsClients['ssoAdmin'],
  place: Place,
): Write[] {
  const idOf = ({ parts }: Snapshot) => parts.find(({ role }) => role === 'boundary')?.id;
  const id = idOf(accepted);
  if (id === idOf(live)) return [];
  const wanted = id === undefined ? undefined : toBoundary(id.slice(BOUNDARY.length));
  return wanted === undefined
    ? [
        {
          operation: 'DeletePermissionsBoundaryFromPermissionSet',
          summary: 'remove the boundary of the permission set',
          send: () => ssoAdmin.send(new DeletePermissionsBoundaryFromPermissionSetCommand(place)),
        },
      ]
    : [
        {
          operation: 'PutPermissionsBoundaryToPermissionSet',
          summary: 'restore the boundary of the permission set',
          send: () =>
            ssoAdmin.send(
              new PutPermissionsBoundaryToPermissionSetCommand({ ...place, PermissionsBoundary: wanted }),
            ),
        },
      ];
}
