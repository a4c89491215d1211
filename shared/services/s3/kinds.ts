/** What there is to know of the kinds of S3. */
import { parseArn, resourceName } from '../../policy/arn.ts';
import {
  type ClientDefinition,
  type DocumentCommand,
  type KindDefinition,
  LIMIT,
  RESOURCE_POLICY,
} from '../../targets/kind.ts';
import { partDocument } from '../../targets/snapshot.ts';
import type { Snapshot } from '../../targets/target.ts';
import { memberOf, oneDocument } from '../../targets/undo.ts';

/** Names of buckets carry no account. */
const BUCKETS = ['arn:{partition}:s3:::*'];
const POINTS = [
  'arn:{partition}:s3:*:{account}:accesspoint/*',
  'arn:{partition}:s3-object-lambda:*:{account}:accesspoint/*',
];

const LIST_BUCKETS = [{ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }];
const ERRORS = { gone: ['NoSuchBucket'], notNow: ['OperationAborted'] } as const;

export const S3_CLIENTS: readonly ClientDefinition[] = [
  { name: 's3', module: '@aws-sdk/client-s3', class: 'S3Client', scope: 's3', protocol: 'restXml' },
  {
    name: 's3Control',
    module: '@aws-sdk/client-s3-control',
    class: 'S3ControlClient',
    scope: 's3-control',
    protocol: 'restXml',
  },
];

export const S3_KINDS: readonly KindDefinition[] = [
  {
    ...RESOURCE_POLICY,
    kind: 'bucket-policy',
    words: 'bucket policy of',
    client: 's3',
    resourceType: 'AWS::S3::Bucket',
    identity: 'creation-time',
    errors: ERRORS,
    permissions: {
      read: [{ actions: ['s3:GetBucketPolicy'], resources: BUCKETS }],
      list: LIST_BUCKETS,
      write: [{ actions: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'], resources: BUCKETS }],
    },
    undo: oneDocument(
      (arn) => `aws s3api put-bucket-policy --bucket ${parseArn(arn).resource} --policy file://before.json`,
      (arn) => `aws s3api delete-bucket-policy --bucket ${parseArn(arn).resource}`,
    ),
    findingType: 'AwsS3Bucket',
    places: {
      cloudFormation: ['AWS::S3::BucketPolicy.PolicyDocument'],
      terraform: ['aws_s3_bucket_policy.policy', 'aws_s3_bucket.policy'],
    },
    load: async () => (await import('./bucketPolicy.ts')).bucketPolicy,
  },
  // Blocks and ACLs act beside bucket policies, which may name anybody.
  {
    ...LIMIT,
    kind: 'bucket-public-access-block',
    words: 'public access block of',
    client: 's3',
    resourceType: 'AWS::S3::Bucket',
    isWrittenAsRead: true,
    parts: [{ id: 'document', role: 'resource', text: 'derived', absence: 'limits-nothing' }],
    identity: 'none',
    errors: ERRORS,
    permissions: {
      read: [{ actions: ['s3:GetBucketPublicAccessBlock'], resources: BUCKETS }],
      list: LIST_BUCKETS,
      write: [{ actions: ['s3:PutBucketPublicAccessBlock'], resources: BUCKETS }],
    },
    undo: ({ target: { arn } }, wanted) => [
      blockCommand('aws s3api', `--bucket ${parseArn(arn).resource}`, wanted),
    ],
    findingType: 'AwsS3Bucket',
    places: {
      cloudFormation: ['AWS::S3::Bucket.PublicAccessBlockConfiguration'],
      terraform: ['aws_s3_bucket_public_access_block.block_public_policy'],
    },
    load: async () => (await import('./publicAccessBlock.ts')).bucketPublicAccessBlock,
  },
  {
    ...LIMIT,
    kind: 'account-public-access-block',
    words: 'public access block of the account,',
    client: 's3Control',
    resourceType: 'AWS::S3::AccountPublicAccessBlock',
    scope: 'global',
    isWrittenAsRead: true,
    parts: [{ id: 'document', role: 'resource', text: 'derived', absence: 'limits-nothing' }],
    identity: 'none',
    errors: { gone: [], notNow: ['OperationAborted'] },
    permissions: {
      read: [{ actions: ['s3:GetAccountPublicAccessBlock'], resources: ['*'] }],
      list: [],
      write: [{ actions: ['s3:PutAccountPublicAccessBlock'], resources: ['*'] }],
    },
    undo: ({ target: { accountId } }, wanted) => [
      blockCommand('aws s3control', `--account-id ${accountId}`, wanted),
    ],
    findingType: 'AwsAccount',
    places: {
      cloudFormation: [],
      terraform: ['aws_s3_account_public_access_block.block_public_policy'],
    },
    load: async () => (await import('./publicAccessBlock.ts')).accountPublicAccessBlock,
  },
  {
    ...LIMIT,
    kind: 'bucket-acl',
    words: 'ACL of',
    client: 's3',
    resourceType: 'AWS::S3::Bucket',
    namesPrincipals: true,
    isWrittenAsRead: true,
    parts: [
      { id: 'acl', role: 'resource', text: 'derived', absence: 'not-allowed' },
      { id: 'ownership', role: 'resource', text: 'derived', absence: 'limits-nothing' },
    ],
    identity: 'none',
    errors: ERRORS,
    permissions: {
      read: [{ actions: ['s3:GetBucketAcl', 's3:GetBucketOwnershipControls'], resources: BUCKETS }],
      list: LIST_BUCKETS,
      write: [{ actions: ['s3:PutBucketAcl', 's3:PutBucketOwnershipControls'], resources: BUCKETS }],
    },
    undo: aclCommands,
    findingType: 'AwsS3Bucket',
    places: {
      cloudFormation: ['AWS::S3::Bucket.AccessControl', 'AWS::S3::Bucket.OwnershipControls'],
      terraform: [
        'aws_s3_bucket_acl.acl',
        'aws_s3_bucket_acl.access_control_policy',
        'aws_s3_bucket_ownership_controls.rule',
        'aws_s3_bucket.acl',
      ],
    },
    load: async () => (await import('./bucketAcl.ts')).bucketAcl,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'access-point-policy',
    words: 'access point policy of',
    client: 's3Control',
    resourceType: 'AWS::S3::AccessPoint',
    parts: [
      ...RESOURCE_POLICY.parts,
      { id: 'network-origin', role: 'limit', text: 'derived', absence: 'limits-nothing' },
    ],
    identity: 'creation-time',
    errors: { gone: ['NoSuchAccessPoint'], notNow: ['OperationAborted'] },
    permissions: {
      read: [
        {
          actions: [
            's3:GetAccessPoint',
            's3:GetAccessPointForObjectLambda',
            's3:GetAccessPointPolicy',
            's3:GetAccessPointPolicyForObjectLambda',
          ],
          resources: POINTS,
        },
      ],
      list: [{ actions: ['s3:ListAccessPoints', 's3:ListAccessPointsForObjectLambda'], resources: ['*'] }],
      write: [
        {
          actions: [
            's3:PutAccessPointPolicy',
            's3:DeleteAccessPointPolicy',
            's3:PutAccessPointPolicyForObjectLambda',
            's3:DeleteAccessPointPolicyForObjectLambda',
          ],
          resources: POINTS,
        },
      ],
    },
    undo: (live, wanted) => {
      const { arn, accountId } = live.target;
      const suffix = parseArn(arn).service === 's3-object-lambda' ? '-for-object-lambda' : '';
      const point = `--account-id ${accountId} --name ${resourceName(arn)}`;
      return oneDocument(
        () => `aws s3control put-access-point-policy${suffix} ${point} --policy file://before.json`,
        () => `aws s3control delete-access-point-policy${suffix} ${point}`,
      )(live, wanted);
    },
    findingType: 'AwsS3AccessPoint',
    places: {
      cloudFormation: [
        'AWS::S3::AccessPoint.Policy',
        'AWS::S3ObjectLambda::AccessPointPolicy.PolicyDocument',
      ],
      terraform: [
        'aws_s3_access_point.policy',
        'aws_s3control_access_point_policy.policy',
        'aws_s3control_object_lambda_access_point_policy.policy',
      ],
    },
    load: async () => (await import('./accessPointPolicy.ts')).accessPointPolicy,
  },
  {
    ...RESOURCE_POLICY,
    kind: 'multi-region-access-point-policy',
    words: 'policy of Multi-Region Access Point',
    client: 's3Control',
    resourceType: 'AWS::S3::MultiRegionAccessPoint',
    identity: 'creation-time',
    errors: { gone: ['NoSuchMultiRegionAccessPoint'], notNow: ['OperationAborted'] },
    permissions: {
      read: [
        {
          actions: ['s3:GetMultiRegionAccessPointPolicy'],
          resources: ['arn:{partition}:s3::{account}:accesspoint/*'],
        },
      ],
      list: [{ actions: ['s3:ListMultiRegionAccessPoints'], resources: ['*'] }],
      write: [
        {
          actions: ['s3:PutMultiRegionAccessPointPolicy'],
          resources: ['arn:{partition}:s3::{account}:accesspoint/*'],
        },
      ],
    },
    undo: ({ target: { arn, accountId } }, wanted) => {
      const [Name, Policy] = [resourceName(arn), partDocument(wanted, 'document')];
      return [
        {
          command: `aws s3control put-multi-region-access-point-policy --region us-west-2 --account-id ${accountId} --details file://before.json`,
          document: Policy && JSON.stringify({ Name, Policy }),
        },
      ];
    },
    findingType: 'AwsS3AccessPoint',
    places: {
      cloudFormation: ['AWS::S3::MultiRegionAccessPointPolicy.Policy'],
      terraform: ['aws_s3control_multi_region_access_point_policy.details[].policy'],
    },
    load: async () => (await import('./multiRegionAccessPointPolicy.ts')).multiRegionAccessPointPolicy,
  },
];

function blockCommand(client: string, whose: string, { restoreHints }: Snapshot): string {
  const block = restoreHints?.['block'];
  return block === null
    ? `${client} delete-public-access-block ${whose}`
    : `${client} put-public-access-block ${whose} --public-access-block-configuration '${JSON.stringify(block)}'`;
}

/**
 * S3 takes no ACL while the owner owns every object, so there the ownership goes first; elsewhere the ACL does, since
 * S3 does not let the owner own every object while the ACL grants to others.
 */
function aclCommands(live: Snapshot, wanted: Snapshot): (string | DocumentCommand)[] {
  const bucket = `--bucket ${parseArn(live.target.arn).resource}`;
  const [there, before] = [live, wanted].map(({ restoreHints }) => ({
    grants: memberOf(restoreHints?.['acl'], 'grants'),
    ownerId: memberOf(restoreHints?.['acl'], 'ownerId'),
    ownership: memberOf(restoreHints?.['acl'], 'ownership'),
  }));
  const acl = {
    command: `aws s3api put-bucket-acl ${bucket} --access-control-policy file://before.json`,
    document:
      before?.grants === undefined
        ? undefined
        : JSON.stringify({ Owner: { ID: before.ownerId }, Grants: before.grants }),
  };
  const ownership =
    typeof before?.ownership === 'string'
      ? `aws s3api put-bucket-ownership-controls ${bucket} --ownership-controls 'Rules=[{ObjectOwnership=${before.ownership}}]'`
      : `aws s3api delete-bucket-ownership-controls ${bucket}`;
  const differing = [
    ...(JSON.stringify(there?.grants) === JSON.stringify(before?.grants) ? [] : [acl]),
    ...(partDocument(live, 'ownership') === partDocument(wanted, 'ownership') ? [] : [ownership]),
  ];
  return there?.ownership === 'BucketOwnerEnforced' ? differing.toReversed() : differing;
}
