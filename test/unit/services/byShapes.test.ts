/** The kinds of services that are called by shapes of our own. */
import { AcmPcaClient } from '../../../shared/services/acmpca/acmPcaClient.ts';
import { CodeArtifactClient } from '../../../shared/services/codeartifact/codeArtifactClient.ts';
import { KafkaClient } from '../../../shared/services/kafka/kafkaClient.ts';
import { LogsClient } from '../../../shared/services/logs/logsClient.ts';
import { S3TablesClient } from '../../../shared/services/s3tables/s3TablesClient.ts';
import { SsmClient } from '../../../shared/services/ssm/ssmClient.ts';
import { VpcLatticeClient } from '../../../shared/services/vpclattice/vpcLatticeClient.ts';
import {
  arnOf,
  type Case,
  clears,
  contents,
  type Held,
  having,
  type Input,
  MADE,
  pages,
  sets,
} from './documentCase.ts';
import { awsError, describeKind } from './kindCase.ts';

const NONE = 'ResourceNotFoundException';
const [authority, other] = [
  arnOf('acm-pca', 'certificate-authority/1'),
  arnOf('acm-pca', 'certificate-authority/2'),
];
const [bucket, bucket2] = [arnOf('s3tables', 'bucket/a'), arnOf('s3tables', 'bucket/b')];
const [cluster, cluster2] = [arnOf('kafka', 'cluster/a/1'), arnOf('kafka', 'cluster/b/2')];
const [service, network] = [
  arnOf('vpc-lattice', 'service/svc-1'),
  arnOf('vpc-lattice', 'servicenetwork/sn-1'),
];
const [domain, domain2] = [arnOf('codeartifact', 'domain/d'), arnOf('codeartifact', 'domain/e')];
const [repository, repository2] = [
  arnOf('codeartifact', 'repository/d/r'),
  arnOf('codeartifact', 'repository/d/s'),
];
const log = arnOf('logs', 'resource-policy:p');

describeKind<Held>('the policy of a certificate authority', {
  ...contents,
  kind: 'certificate-authority-policy',
  arn: authority,
  service: 'acmPca',
  client: AcmPcaClient as unknown as Case['client'], // It sends as every client does.
  answers: {
    DescribeCertificateAuthority(_: Input, held: Held) {
      if (held === undefined) throw awsError(NONE);
      return { CertificateAuthority: { CreatedAt: MADE } };
    },
    GetPolicy: (_: Input, held: Held) => ({ Policy: having(held, NONE) }),
    ListCertificateAuthorities: pages(
      'NextToken',
      { CertificateAuthorities: [{ Arn: authority }], NextToken: 'more' },
      { CertificateAuthorities: [{ Arn: other }] },
    ),
    PutPolicy: sets('Policy'),
    DeletePolicy: clears,
  },
  reads: [
    ['DescribeCertificateAuthority', { CertificateAuthorityArn: authority }],
    ['GetPolicy', { ResourceArn: authority }],
  ],
  listCalls: [
    ['ListCertificateAuthorities', {}],
    ['ListCertificateAuthorities', { NextToken: 'more' }],
  ],
  listed: [authority, other],
  writes: [['PutPolicy', { ResourceArn: authority, Policy: contents.accepted.policy }]],
});

describeKind<Held>('a policy of log groups', {
  ...contents,
  kind: 'log-resource-policy',
  arn: log,
  service: 'logs',
  client: LogsClient as unknown as Case['client'],
  // A name that holds no policy is there as well.
  answers: {
    DescribeResourcePolicies: (input: Input, held: Held) =>
      pages(
        'nextToken',
        {
          resourcePolicies: [{ policyName: 'o', policyDocument: contents.accepted.policy }],
          nextToken: 'more',
        },
        { resourcePolicies: held === undefined ? [] : [{ policyName: 'p', policyDocument: held.policy }] },
      )(input),
    PutResourcePolicy: sets('policyDocument'),
    DeleteResourcePolicy: clears,
  },
  reads: [
    ['DescribeResourcePolicies', {}],
    ['DescribeResourcePolicies', { nextToken: 'more' }],
  ],
  listCalls: [
    ['DescribeResourcePolicies', {}],
    ['DescribeResourcePolicies', { nextToken: 'more' }],
  ],
  listed: [arnOf('logs', 'resource-policy:o'), log],
  writes: [['PutResourcePolicy', { policyName: 'p', policyDocument: contents.accepted.policy }]],
});

/** Domains and repositories: the same calls by another name. */
const ofPackages = (
  what: 'Domain' | 'Repository',
  named: {
    readonly which: object;
    readonly list: string;
    readonly items: string;
    readonly arns: readonly string[];
  },
): Omit<Case, keyof typeof contents | 'kind' | 'arn' | 'missing'> => ({
  service: 'codeArtifact',
  client: CodeArtifactClient as unknown as Case['client'],
  answers: {
    [`Get${what}PermissionsPolicy`]: (_: Input, held: Held) => ({
      policy: { document: having(held, NONE), revision: '7' },
    }),
    [named.list]: pages(
      'nextToken',
      { [named.items]: [{ arn: named.arns[0] }], nextToken: 'more' },
      { [named.items]: [{ arn: named.arns[1] }] },
    ),
    [`Put${what}PermissionsPolicy`]: sets('policyDocument'),
    [`Delete${what}PermissionsPolicy`]: clears,
  },
  reads: [[`Get${what}PermissionsPolicy`, named.which]],
  listCalls: [
    [named.list, {}],
    [named.list, { nextToken: 'more' }],
  ],
  listed: named.arns,
  writes: [
    [
      `Put${what}PermissionsPolicy`,
      { ...named.which, policyDocument: contents.accepted.policy, policyRevision: '7' },
    ],
  ],
});

describeKind<Held>('the policy of a package domain', {
  ...contents,
  ...ofPackages('Domain', {
    which: { domain: 'd' },
    list: 'ListDomains',
    items: 'domains',
    arns: [domain, domain2],
  }),
  kind: 'package-domain-policy',
  arn: domain,
});

describeKind<Held>('the policy of a package repository', {
  ...contents,
  ...ofPackages('Repository', {
    which: { domain: 'd', repository: 'r' },
    list: 'ListRepositories',
    items: 'repositories',
    arns: [repository, repository2],
  }),
  kind: 'package-repository-policy',
  arn: repository,
});

describeKind<Held>('the policy of a table bucket', {
  ...contents,
  kind: 'table-bucket-policy',
  arn: bucket,
  service: 's3Tables',
  client: S3TablesClient as unknown as Case['client'],
  answers: {
    GetTableBucketPolicy: (_: Input, held: Held) => ({ resourcePolicy: having(held, 'NotFoundException') }),
    ListTableBuckets: pages(
      'continuationToken',
      { tableBuckets: [{ arn: bucket }], continuationToken: 'more' },
      { tableBuckets: [{ arn: bucket2 }] },
    ),
    PutTableBucketPolicy: sets('resourcePolicy'),
    DeleteTableBucketPolicy: clears,
  },
  reads: [['GetTableBucketPolicy', { tableBucketARN: bucket }]],
  listCalls: [
    ['ListTableBuckets', {}],
    ['ListTableBuckets', { continuationToken: 'more' }],
  ],
  listed: [bucket, bucket2],
  writes: [['PutTableBucketPolicy', { tableBucketARN: bucket, resourcePolicy: contents.accepted.policy }]],
});

describeKind<Held>('the policy of a Kafka cluster', {
  ...contents,
  kind: 'kafka-cluster-policy',
  arn: cluster,
  service: 'kafka',
  client: KafkaClient as unknown as Case['client'],
  answers: {
    GetClusterPolicy: (_: Input, held: Held) => ({
      Policy: having(held, 'NotFoundException'),
      CurrentVersion: '3',
    }),
    ListClustersV2: pages(
      'NextToken',
      { ClusterInfoList: [{ ClusterArn: cluster }], NextToken: 'more' },
      { ClusterInfoList: [{ ClusterArn: cluster2 }] },
    ),
    PutClusterPolicy: sets('Policy'),
    DeleteClusterPolicy: clears,
  },
  reads: [['GetClusterPolicy', { ClusterArn: cluster }]],
  listCalls: [
    ['ListClustersV2', {}],
    ['ListClustersV2', { NextToken: 'more' }],
  ],
  listed: [cluster, cluster2],
  writes: [
    ['PutClusterPolicy', { ClusterArn: cluster, CurrentVersion: '3', Policy: contents.accepted.policy }],
  ],
});

describeKind<Held>('the auth policy of a service of VPC Lattice', {
  ...contents,
  kind: 'lattice-auth-policy',
  arn: service,
  service: 'vpcLattice',
  client: VpcLatticeClient as unknown as Case['client'],
  answers: {
    GetAuthPolicy(_: Input, held: Held) {
      if (held === undefined) throw awsError(NONE);
      return { policy: held.policy };
    },
    ListServices: () => ({ items: [{ arn: service }] }),
    ListServiceNetworks: () => ({ items: [{ arn: network }] }),
    PutAuthPolicy: sets('policy'),
    DeleteAuthPolicy: clears,
  },
  reads: [['GetAuthPolicy', { resourceIdentifier: service }]],
  listCalls: [
    ['ListServices', {}],
    ['ListServiceNetworks', {}],
  ],
  listed: [service, network],
  writes: [['PutAuthPolicy', { resourceIdentifier: service, policy: contents.accepted.policy }]],
});

type Shared = readonly string[] | 'gone';
type Change = {
  readonly AccountIdsToAdd?: readonly string[];
  readonly AccountIdsToRemove?: readonly string[];
};
const NAMED = { Name: 'doc', PermissionType: 'Share' };

describeKind<Shared>('the sharing of a document', {
  kind: 'ssm-document-sharing',
  arn: arnOf('ssm', 'document/doc'),
  service: 'ssm',
  client: SsmClient as unknown as Case['client'],
  accepted: ['444455556666'],
  from: ['444455556666', 'All'],
  another: ['777788889999'],
  missing: 'gone',
  answers: {
    DescribeDocumentPermission(_: Input, held: Shared) {
      if (held === 'gone') throw awsError('InvalidDocument');
      return { AccountIds: held };
    },
    ListDocuments: pages(
      'NextToken',
      { DocumentIdentifiers: [{ Name: 'doc' }], NextToken: 'more' },
      { DocumentIdentifiers: [{ Name: 'b' }] },
    ),
    ModifyDocumentPermission(
      { AccountIdsToAdd: added = [], AccountIdsToRemove: removed = [] }: Change,
      held: Shared,
      hold: (next: Shared) => void,
    ) {
      const left = (held === 'gone' ? [] : held).filter((id) => !removed.includes(id.toLowerCase()));
      hold([...left, ...added]);
      return {};
    },
  },
  reads: [['DescribeDocumentPermission', NAMED]],
  listCalls: [
    ['ListDocuments', { Filters: [{ Key: 'Owner', Values: ['Self'] }] }],
    ['ListDocuments', { Filters: [{ Key: 'Owner', Values: ['Self'] }], NextToken: 'more' }],
  ],
  listed: [arnOf('ssm', 'document/doc'), arnOf('ssm', 'document/b')],
  writes: [['ModifyDocumentPermission', { ...NAMED, AccountIdsToRemove: ['all'] }]],
});
