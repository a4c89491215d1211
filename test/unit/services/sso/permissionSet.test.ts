import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { awsError, type Call, describeKind } from '../kindCase.ts';

const InstanceArn = 'arn:aws:sso:::instance/ssoins-1';
const PermissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
const place = { InstanceArn, PermissionSetArn };

const allowing = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });

type Reference = { readonly Name: string; readonly Path: string };
type Held =
  | { readonly inline: string; readonly named: readonly Reference[]; readonly boundary?: Reference }
  | undefined;
type Input = {
  readonly NextToken?: string;
  readonly InlinePolicy?: string;
  readonly CustomerManagedPolicyReference?: Reference;
  readonly PermissionsBoundary?: { readonly CustomerManagedPolicyReference?: Reference };
};

const audit: Reference = { Name: 'audit', Path: '/team/' };
const admin: Reference = { Name: 'admin', Path: '/' };
const accepted = { inline: allowing('s3:Get*'), named: [audit], boundary: { Name: 'limit', Path: '/' } };

const reads: readonly Call[] = [
  ['DescribePermissionSet', place],
  ['GetInlinePolicyForPermissionSet', place],
  ['ListManagedPoliciesInPermissionSet', place],
  ['ListCustomerManagedPolicyReferencesInPermissionSet', place],
  ['GetPermissionsBoundaryForPermissionSet', place],
];
const provision: Call = ['ProvisionPermissionSet', { ...place, TargetType: 'ALL_PROVISIONED_ACCOUNTS' }];

describeKind<Held>('a permission set', {
  kind: 'permission-set',
  arn: PermissionSetArn,
  service: 'ssoAdmin',
  client: SSOAdminClient,
  answers: {
    DescribePermissionSet(_, held) {
      if (held === undefined) throw awsError('ResourceNotFoundException');
      return { PermissionSet: { PermissionSetArn, CreatedDate: new Date('2026-01-01T00:00:00Z') } };
    },
    GetInlinePolicyForPermissionSet: (_, held) => ({ InlinePolicy: held?.inline ?? '' }),
    ListManagedPoliciesInPermissionSet: () => ({ AttachedManagedPolicies: [] }),
    ListCustomerManagedPolicyReferencesInPermissionSet: (_, held) => ({
      CustomerManagedPolicyReferences: held?.named ?? [],
    }),
    GetPermissionsBoundaryForPermissionSet(_, held) {
      if (held?.boundary === undefined) throw awsError('ResourceNotFoundException');
      return { PermissionsBoundary: { CustomerManagedPolicyReference: held.boundary } };
    },
    PutInlinePolicyToPermissionSet: ({ InlinePolicy = '' }: Input, held, hold) =>
      hold(held && { ...held, inline: InlinePolicy }),
    AttachCustomerManagedPolicyReferenceToPermissionSet: (
      { CustomerManagedPolicyReference: reference = audit }: Input,
      held,
      hold,
    ) => hold(held && { ...held, named: [...held.named, reference] }),
    DetachCustomerManagedPolicyReferenceFromPermissionSet: (
      { CustomerManagedPolicyReference: reference }: Input,
      held,
      hold,
    ) => hold(held && { ...held, named: held.named.filter(({ Name }) => Name !== reference?.Name) }),
    PutPermissionsBoundaryToPermissionSet: ({ PermissionsBoundary: boundary }: Input, held, hold) =>
      hold(held && { ...held, boundary: boundary?.CustomerManagedPolicyReference ?? audit }),
    ProvisionPermissionSet: () => ({}),
    ListInstances: ({ NextToken }: Input) =>
      NextToken === undefined ? { Instances: [{ InstanceArn }], NextToken: 'more' } : { Instances: [] },
    ListPermissionSets: ({ NextToken }: Input) =>
      NextToken === undefined
        ? { PermissionSets: [PermissionSetArn], NextToken: 'more' }
        : { PermissionSets: [`${PermissionSetArn}2`] },
  },
  accepted,
  from: { inline: allowing('s3:*'), named: [admin] },
  another: { ...accepted, inline: allowing('ec2:*') },
  missing: undefined,
  reads,
  listCalls: [
    ['ListInstances', {}],
    ['ListInstances', { NextToken: 'more' }],
    ['ListPermissionSets', { InstanceArn }],
    ['ListPermissionSets', { InstanceArn, NextToken: 'more' }],
  ],
  listed: [PermissionSetArn, `${PermissionSetArn}2`],
  writes: [
    [
      'PutPermissionsBoundaryToPermissionSet',
      { ...place, PermissionsBoundary: { CustomerManagedPolicyReference: accepted.boundary } },
    ],
    [
      'DetachCustomerManagedPolicyReferenceFromPermissionSet',
      { ...place, CustomerManagedPolicyReference: admin },
    ],
    [
      'AttachCustomerManagedPolicyReferenceToPermissionSet',
      { ...place, CustomerManagedPolicyReference: audit },
    ],
    ['PutInlinePolicyToPermissionSet', { ...place, InlinePolicy: accepted.inline }],
    provision,
  ],
  halfway: {
    held: { ...accepted, inline: allowing('s3:*') },
    writes: [['PutInlinePolicyToPermissionSet', { ...place, InlinePolicy: accepted.inline }], provision],
  },
});
