/** What there is to know of the kinds of EC2. */
import { resourceName } from '../../policy/arn.ts';
import {
  type ClientDefinition,
  type KindDefinition,
  LIMIT,
  type PartFacts,
  RESOURCE_POLICY,
} from '../../targets/kind.ts';
import { sharingCommands } from '../../targets/sharingUndo.ts';
import { oneDocument } from '../../targets/undo.ts';

const ENDPOINTS = ['arn:{partition}:ec2:*:{account}:vpc-endpoint/*'];
const SHARED: readonly PartFacts[] = [
  { id: 'shared-with:*', role: 'resource', text: 'derived', absence: 'grants-nothing' },
];

export const EC2_CLIENTS: readonly ClientDefinition[] = [
  { name: 'ec2', module: '@aws-sdk/client-ec2', class: 'EC2Client', scope: 'ec2', protocol: 'ec2Query' },
];

export const EC2_KINDS: readonly KindDefinition[] = [
  // What is a limit, or keeps out, acts on what anybody may be granted elsewhere.
  {
    ...LIMIT,
    kind: 'vpc-endpoint-policy',
    words: 'endpoint policy of',
    client: 'ec2',
    resourceType: 'AWS::EC2::VPCEndpoint',
    parts: [{ id: 'document', role: 'limit', text: 'own', absence: 'default' }],
    identity: 'unique-id',
    errors: { gone: ['InvalidVpcEndpointId.NotFound'], notNow: ['IncorrectState'] },
    permissions: {
      read: [{ actions: ['ec2:DescribeVpcEndpoints'], resources: ['*'] }],
      list: [{ actions: ['ec2:DescribeVpcEndpoints'], resources: ['*'] }],
      write: [{ actions: ['ec2:ModifyVpcEndpoint'], resources: ENDPOINTS }],
    },
    undo: oneDocument(
      (arn) =>
        `aws ec2 modify-vpc-endpoint --vpc-endpoint-id ${resourceName(arn)} --policy-document file://before.json`,
      (arn) => `aws ec2 modify-vpc-endpoint --vpc-endpoint-id ${resourceName(arn)} --reset-policy`,
    ),
    findingType: 'Other',
    places: {
      cloudFormation: ['AWS::EC2::VPCEndpoint.PolicyDocument'],
      terraform: ['aws_vpc_endpoint.policy', 'aws_vpc_endpoint_policy.policy'],
    },
    load: async () => (await import('./vpcEndpointPolicy.ts')).vpcEndpointPolicy,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'ec2-snapshot-sharing',
    words: 'sharing of snapshot',
    client: 'ec2',
    resourceType: 'AWS::EC2::Snapshot',
    parts: SHARED,
    // Ids are never used again.
    identity: 'none',
    errors: { gone: ['InvalidSnapshot.NotFound'], notNow: ['IncorrectState'] },
    permissions: {
      read: [{ actions: ['ec2:DescribeSnapshotAttribute'], resources: ['*'] }],
      list: [{ actions: ['ec2:DescribeSnapshots'], resources: ['*'] }],
      write: [{ actions: ['ec2:ModifySnapshotAttribute'], resources: ['arn:{partition}:ec2:*::snapshot/*'] }],
    },
    undo: sharingCommands(
      (id, how, names) =>
        `aws ec2 modify-snapshot-attribute --snapshot-id ${id} --attribute createVolumePermission --operation-type ${how} ${optionsFor(names, 'group-names')}`,
      ['add', 'remove'],
    ),
    findingType: 'Other',
    places: {
      cloudFormation: [],
      terraform: ['aws_snapshot_create_volume_permission.account_id'],
    },
    load: async () => (await import('./ec2Sharing.ts')).ec2SnapshotSharing,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'ec2-image-sharing',
    words: 'sharing of image',
    client: 'ec2',
    resourceType: 'AWS::EC2::Image',
    parts: SHARED,
    identity: 'none',
    errors: {
      gone: ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'],
      notNow: ['IncorrectState'],
    },
    permissions: {
      read: [{ actions: ['ec2:DescribeImageAttribute'], resources: ['*'] }],
      list: [{ actions: ['ec2:DescribeImages'], resources: ['*'] }],
      write: [{ actions: ['ec2:ModifyImageAttribute'], resources: ['arn:{partition}:ec2:*::image/*'] }],
    },
    undo: sharingCommands(
      (id, how, names) =>
        `aws ec2 modify-image-attribute --image-id ${id} --attribute launchPermission --operation-type ${how} ${optionsFor(names, 'user-groups')}`,
      ['add', 'remove'],
    ),
    findingType: 'Other',
    places: {
      cloudFormation: [],
      terraform: ['aws_ami_launch_permission.account_id'],
    },
    load: async () => (await import('./ec2Sharing.ts')).ec2ImageSharing,
  },
  {
    ...LIMIT,
    kind: 'ec2-block-public-access',
    words: 'block of public snapshots and images,',
    client: 'ec2',
    resourceType: 'AWS::EC2::SnapshotBlockPublicAccess',
    isWrittenAsRead: true,
    parts: [
      { id: 'snapshots', role: 'resource', text: 'derived', absence: 'limits-nothing' },
      { id: 'images', role: 'resource', text: 'derived', absence: 'limits-nothing' },
    ],
    identity: 'none',
    errors: { gone: [], notNow: [] },
    permissions: {
      read: [
        {
          actions: ['ec2:GetSnapshotBlockPublicAccessState', 'ec2:GetImageBlockPublicAccessState'],
          resources: ['*'],
        },
      ],
      list: [],
      write: [
        {
          actions: [
            'ec2:EnableSnapshotBlockPublicAccess',
            'ec2:DisableSnapshotBlockPublicAccess',
            'ec2:EnableImageBlockPublicAccess',
            'ec2:DisableImageBlockPublicAccess',
          ],
          resources: ['*'],
        },
      ],
    },
    undo: ({ restoreHints: there }, { restoreHints: before }) => [
      ...(there?.['snapshots'] === before?.['snapshots']
        ? []
        : [blockCommand('snapshot', '--state', before?.['snapshots'])]),
      ...(there?.['images'] === before?.['images']
        ? []
        : [blockCommand('image', '--image-block-public-access-state', before?.['images'])]),
    ],
    findingType: 'AwsAccount',
    places: {
      cloudFormation: ['AWS::EC2::SnapshotBlockPublicAccess.State'],
      terraform: ['aws_ebs_snapshot_block_public_access.state', 'aws_ec2_image_block_public_access.state'],
    },
    load: async () => (await import('./ec2BlockPublicAccess.ts')).ec2BlockPublicAccess,
  },
];

function blockCommand(what: string, option: string, state: unknown): string {
  return typeof state !== 'string' || state === 'unblocked'
    ? `aws ec2 disable-${what}-block-public-access`
    : `aws ec2 enable-${what}-block-public-access ${option} ${state}`;
}

/** EC2 has an option for each sort of name. */
function optionsFor(names: readonly string[], everybody: string): string {
  const sorts: readonly (readonly [option: string, pattern: RegExp])[] = [
    [everybody, /^all$/],
    ['user-ids', /^\d+$/],
    ['organization-arns', /:organization\//],
    ['organizational-unit-arns', /:ou\//],
  ];
  return sorts
    .map(([option, pattern]) => [option, names.filter((name) => pattern.test(name))] as const)
    .filter(([, of]) => of.length > 0)
    .map(([option, of]) => `--${option} ${of.join(' ')}`)
    .join(' ');
}
