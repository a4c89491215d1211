/** What there is to know of the kinds of Organizations. All of them are read and written in the management account. */
import { parseArn, resourceName } from '../../policy/arn.ts';
import type { ClientDefinition, KindDefinition } from '../../targets/kind.ts';
import { partDocument } from '../../targets/snapshot.ts';
import { oneDocument } from '../../targets/undo.ts';
import { ATTACHED, attachmentCommands, NO_LIMIT_ID } from './attachmentParts.ts';

const OWN = [
  'arn:{partition}:organizations::{account}:*',
  'arn:{partition}:organizations::aws:policy/service_control_policy/*',
];
const DESCRIBE = [
  'organizations:DescribeOrganization',
  'organizations:DescribePolicy',
  'organizations:ListPoliciesForTarget',
];
const LIST = [
  'organizations:ListRoots',
  'organizations:ListOrganizationalUnitsForParent',
  'organizations:ListAccounts',
];
const NOT_NOW = ['ConcurrentModificationException', 'PolicyChangesInProgressException'];

export const ORGANIZATIONS_CLIENTS: readonly ClientDefinition[] = [
  {
    name: 'organizations',
    module: '@aws-sdk/client-organizations',
    class: 'OrganizationsClient',
    scope: 'organizations',
    protocol: 'awsJson',
  },
];

export const ORGANIZATIONS_KINDS: readonly KindDefinition[] = [
  {
    kind: 'organizations-policy',
    words: 'control policy',
    client: 'organizations',
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::Organizations::Policy',
    namesPrincipals: false,
    // It lets pass, or denies, what policies of the accounts grant; `FullAWSAccess` stands beside most.
    grantedElsewhere: ({ arn }) => (arn.includes('/resource_control_policy/') ? 'by-anyone' : 'by-holders'),
    scope: 'global',
    parts: [{ id: 'document', role: 'by-target', text: 'own', absence: 'not-allowed' }],
    identity: 'unique-id',
    errors: { gone: ['PolicyNotFoundException', 'AWSOrganizationsNotInUseException'], notNow: NOT_NOW },
    permissions: {
      read: [{ actions: DESCRIBE, resources: ['*'] }],
      list: [{ actions: ['organizations:ListPolicies'], resources: ['*'] }],
      write: [{ actions: ['organizations:UpdatePolicy'], resources: OWN }],
    },
    undo: ({ target: { arn } }, wanted) => [
      {
        command: `aws organizations update-policy --policy-id ${resourceName(arn)} --content file://before.json`,
        document: partDocument(wanted, 'document'),
      },
    ],
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::Organizations::Policy.Content'],
      terraform: ['aws_organizations_policy.content'],
    },
    whyNotRestorable: ({ arn }) =>
      parseArn(arn).accountId === 'aws' ? 'AWS manages this policy; nobody else can change it' : undefined,
    load: async () => (await import('./organizationsPolicy.ts')).organizationsPolicy,
  },
  {
    kind: 'organizations-attachment',
    words: 'control policies of',
    client: 'organizations',
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::Organizations::OrganizationalUnit',
    namesPrincipals: false,
    grantedElsewhere: () => 'by-anyone',
    scope: 'global',
    parts: [
      { id: `${ATTACHED}*`, role: 'by-target', text: 'shared', absence: 'limits-nothing' },
      { id: NO_LIMIT_ID, role: 'boundary', text: 'derived', absence: 'not-allowed' },
    ],
    identity: 'none',
    errors: { gone: ['TargetNotFoundException', 'AWSOrganizationsNotInUseException'], notNow: NOT_NOW },
    permissions: {
      read: [{ actions: DESCRIBE, resources: ['*'] }],
      list: [{ actions: LIST, resources: ['*'] }],
      write: [{ actions: ['organizations:AttachPolicy', 'organizations:DetachPolicy'], resources: OWN }],
    },
    undo: attachmentCommands,
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::Organizations::Policy.TargetIds'],
      terraform: ['aws_organizations_policy_attachment.policy_id'],
    },
    load: async () => (await import('./organizationsAttachment.ts')).organizationsAttachment,
  },
  {
    kind: 'organizations-resource-policy',
    words: 'delegation policy of the organization,',
    client: 'organizations',
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::Organizations::ResourcePolicy',
    namesPrincipals: true,
    // Accounts may administer the organization's services by registration, too.
    grantedElsewhere: () => 'by-anyone',
    scope: 'global',
    parts: [{ id: 'document', role: 'resource', text: 'own', absence: 'grants-nothing' }],
    identity: 'none',
    errors: {
      gone: ['ResourcePolicyNotFoundException', 'AWSOrganizationsNotInUseException'],
      notNow: NOT_NOW,
    },
    permissions: {
      read: [{ actions: ['organizations:DescribeResourcePolicy'], resources: ['*'] }],
      list: [],
      write: [
        {
          actions: ['organizations:PutResourcePolicy', 'organizations:DeleteResourcePolicy'],
          resources: OWN,
        },
      ],
    },
    undo: oneDocument(
      () => 'aws organizations put-resource-policy --content file://before.json',
      () => 'aws organizations delete-resource-policy',
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::Organizations::ResourcePolicy.Content'],
      terraform: ['aws_organizations_resource_policy.content'],
    },
    load: async () => (await import('./organizationsResourcePolicy.ts')).organizationsResourcePolicy,
  },
];
