/** What there is to know of the kinds of KMS. */
import type { ClientDefinition, KindDefinition } from '../../targets/kind.ts';
import { splitId } from '../../targets/undo.ts';

const KEYS = ['arn:{partition}:kms:*:{account}:key/*'];

export const KMS_CLIENTS: readonly ClientDefinition[] = [
  { name: 'kms', module: '@aws-sdk/client-kms', class: 'KMSClient', scope: 'kms', protocol: 'awsJson' },
];

export const KMS_KINDS: readonly KindDefinition[] = [
  {
    kind: 'kms-key',
    words: 'key policy and grants of',
    client: 'kms',
    policyType: 'RESOURCE_POLICY',
    resourceType: 'AWS::KMS::Key',
    namesPrincipals: true,
    // An identity policy reaches a key only where the key policy says so; grants are parts of the target.
    grantedElsewhere: () => 'nowhere',
    scope: 'regional',
    parts: [
      { id: 'document', role: 'resource', text: 'own', absence: 'not-allowed' },
      { id: 'grant:*', role: 'resource', text: 'derived', absence: 'grants-nothing' },
      // Stands for all grants where the key policy keeps the guard from listing them.
      { id: 'grants', role: 'resource', text: 'derived', absence: 'grants-nothing' },
    ],
    identity: 'unique-id',
    errors: { gone: ['NotFoundException'], notNow: ['KMSInvalidStateException', 'LimitExceededException'] },
    permissions: {
      read: [{ actions: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:ListGrants'], resources: KEYS }],
      list: [{ actions: ['kms:ListKeys'], resources: ['*'] }],
      write: [{ actions: ['kms:PutKeyPolicy', 'kms:RevokeGrant'], resources: KEYS }],
    },
    undo: ({ target: { arn }, parts }, wanted) => {
      const known = new Map(wanted.parts.map(({ id, document }) => [id, document]));
      return parts
        .filter(({ id, document }) => (id === 'document' ? known.get(id) !== document : !known.has(id)))
        .map(({ id }) =>
          id === 'document'
            ? {
                command: `aws kms put-key-policy --key-id ${arn} --policy-name default --policy file://before.json`,
                document: known.get(id),
              }
            : `aws kms revoke-grant --key-id ${arn} --grant-id ${splitId(id)[1]}`,
        );
    },
    findingType: 'AwsKmsKey',
    places: {
      cloudFormation: ['AWS::KMS::Key.KeyPolicy', 'AWS::KMS::ReplicaKey.KeyPolicy'],
      terraform: [
        'aws_kms_key.policy',
        'aws_kms_key_policy.policy',
        'aws_kms_replica_key.policy',
        'aws_kms_external_key.policy',
        'aws_kms_replica_external_key.policy',
        'aws_kms_grant.operations',
      ],
    },
    load: async () => (await import('./kmsKey.ts')).kmsKey,
  },
];
