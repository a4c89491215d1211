/** The kinds that hold one document each: the same story, told in each service's words. */
import { BackupClient } from '@aws-sdk/client-backup';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECRPUBLICClient } from '@aws-sdk/client-ecr-public';
import { EFSClient } from '@aws-sdk/client-efs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { OpenSearchClient } from '@aws-sdk/client-opensearch';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { unlessEmpty } from '../../../shared/targets/documentTarget.ts';
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
  there,
} from './documentCase.ts';
import { ACCOUNT, awsError, type Call, describeKind, fakeAws, PLACE } from './kindCase.ts';

const topic = arnOf('sns', 't');
const queue = `https://sqs.${PLACE.region}.amazonaws.com/${ACCOUNT}/q`;
const secret = arnOf('secretsmanager', 'secret:s-AbCdEf');
const table = arnOf('dynamodb', 'table/orders');
const stream = arnOf('kinesis', 'stream/clicks');

/** What repositories of ECR and of public ECR answer, under the first part of their ARNs. */
const ofRepository = (prefix: string) =>
  ({
    arn: `${prefix}/team/app`,
    answers: {
      DescribeRepositories(input: Input, held) {
        if (input['repositoryNames'] === undefined)
          return pages(
            'nextToken',
            { repositories: [{ repositoryArn: `${prefix}/team/app` }], nextToken: 'more' },
            { repositories: [{ repositoryArn: `${prefix}/b` }] },
          )(input);
        there(held, 'RepositoryNotFoundException');
        return { repositories: [{ createdAt: MADE }] };
      },
      GetRepositoryPolicy: (_, held) => ({
        policyText: having(held, 'RepositoryNotFoundException', 'RepositoryPolicyNotFoundException'),
      }),
      SetRepositoryPolicy: sets('policyText'),
      DeleteRepositoryPolicy: clears,
    },
    reads: [
      ['DescribeRepositories', { repositoryNames: ['team/app'] }],
      ['GetRepositoryPolicy', { repositoryName: 'team/app' }],
    ],
    listCalls: [
      ['DescribeRepositories', {}],
      ['DescribeRepositories', { nextToken: 'more' }],
    ],
    listed: [`${prefix}/team/app`, `${prefix}/b`],
    writes: [['SetRepositoryPolicy', { repositoryName: 'team/app', policyText: contents.accepted.policy }]],
    removal: [['DeleteRepositoryPolicy', { repositoryName: 'team/app' }]],
  }) satisfies Partial<Case> & { readonly removal: readonly Call[] };

const cases: readonly (Omit<Case, keyof typeof contents> &
  Partial<Case> & { readonly name: string; readonly removal?: readonly Call[] })[] = [
  {
    name: 'a topic policy',
    kind: 'topic-policy',
    arn: topic,
    service: 'sns',
    client: SNSClient,
    answers: {
      GetTopicAttributes: (_, held) => ({ Attributes: { Policy: there(held, 'NotFoundException').policy } }),
      ListTopics: pages(
        'NextToken',
        { Topics: [{ TopicArn: topic }], NextToken: 'more' },
        { Topics: [{ TopicArn: arnOf('sns', 'u') }] },
      ),
      SetTopicAttributes: sets('AttributeValue'),
    },
    reads: [['GetTopicAttributes', { TopicArn: topic }]],
    listCalls: [
      ['ListTopics', {}],
      ['ListTopics', { NextToken: 'more' }],
    ],
    listed: [topic, arnOf('sns', 'u')],
    writes: [
      [
        'SetTopicAttributes',
        { TopicArn: topic, AttributeName: 'Policy', AttributeValue: contents.accepted.policy },
      ],
    ],
  },
  {
    name: 'a queue policy',
    kind: 'queue-policy',
    arn: arnOf('sqs', 'q'),
    service: 'sqs',
    client: SQSClient,
    answers: {
      GetQueueUrl(_, held) {
        there(held, 'QueueDoesNotExist');
        return { QueueUrl: queue };
      },
      GetQueueAttributes: (_, held) => ({
        Attributes: { Policy: there(held, 'QueueDoesNotExist').policy, CreatedTimestamp: '1767225600' },
      }),
      ListQueues: pages(
        'NextToken',
        { QueueUrls: [queue], NextToken: 'more' },
        { QueueUrls: [queue.replace('/q', '/r')] },
      ),
      SetQueueAttributes: ({ Attributes }: { readonly Attributes: Input }, held, hold) =>
        sets('Policy')(Attributes, held, hold),
    },
    reads: [
      ['GetQueueUrl', { QueueName: 'q', QueueOwnerAWSAccountId: ACCOUNT }],
      ['GetQueueAttributes', { QueueUrl: queue, AttributeNames: ['Policy', 'CreatedTimestamp'] }],
    ],
    listCalls: [
      ['ListQueues', { MaxResults: 1_000 }],
      ['ListQueues', { MaxResults: 1_000, NextToken: 'more' }],
    ],
    listed: [arnOf('sqs', 'q'), arnOf('sqs', 'r')],
    writes: [['SetQueueAttributes', { QueueUrl: queue, Attributes: { Policy: contents.accepted.policy } }]],
    removal: [['SetQueueAttributes', { QueueUrl: queue, Attributes: { Policy: '' } }]],
  },
  {
    name: 'a secret’s policy',
    kind: 'secret-policy',
    arn: secret,
    service: 'secretsManager',
    client: SecretsManagerClient,
    answers: {
      GetResourcePolicy: (_, held) => ({
        ARN: secret,
        ResourcePolicy: there(held, 'ResourceNotFoundException').policy,
      }),
      ListSecrets: pages(
        'NextToken',
        { SecretList: [{ ARN: secret }], NextToken: 'more' },
        { SecretList: [{ ARN: `${secret}2` }] },
      ),
      PutResourcePolicy: sets('ResourcePolicy'),
      DeleteResourcePolicy: clears,
    },
    reads: [['GetResourcePolicy', { SecretId: secret }]],
    listCalls: [
      ['ListSecrets', { MaxResults: 100 }],
      ['ListSecrets', { MaxResults: 100, NextToken: 'more' }],
    ],
    listed: [secret, `${secret}2`],
    writes: [
      [
        'PutResourcePolicy',
        { SecretId: secret, ResourcePolicy: contents.accepted.policy, BlockPublicPolicy: true },
      ],
    ],
    removal: [['DeleteResourcePolicy', { SecretId: secret }]],
  },
  {
    name: 'a repository policy',
    kind: 'repository-policy',
    service: 'ecr',
    client: ECRClient,
    ...ofRepository(arnOf('ecr', 'repository')),
  },
  {
    name: 'a public repository’s policy',
    kind: 'public-repository-policy',
    service: 'ecrPublic',
    client: ECRPUBLICClient,
    ...ofRepository(`arn:aws:ecr-public::${ACCOUNT}:repository`),
  },
  {
    name: 'an organization’s own policy',
    kind: 'organizations-resource-policy',
    arn: `arn:aws:organizations::${ACCOUNT}:resourcepolicy`,
    service: 'organizations',
    client: OrganizationsClient,
    answers: {
      DescribeOrganization: () => ({ Organization: { Id: 'o-1', MasterAccountId: ACCOUNT } }),
      DescribeResourcePolicy: (_, held) => ({
        ResourcePolicy: {
          Content: having(held, 'AWSOrganizationsNotInUseException', 'ResourcePolicyNotFoundException'),
        },
      }),
      PutResourcePolicy: sets('Content'),
      DeleteResourcePolicy: clears,
    },
    reads: [['DescribeResourcePolicy', {}]],
    listCalls: [['DescribeOrganization', {}]],
    listed: [`arn:aws:organizations::${ACCOUNT}:resourcepolicy`],
    writes: [['PutResourcePolicy', { Content: contents.accepted.policy }]],
    removal: [['DeleteResourcePolicy', {}]],
  },
  {
    name: 'the registry’s policy',
    kind: 'registry-policy',
    arn: arnOf('ecr', 'registry'),
    service: 'ecr',
    client: ECRClient,
    answers: {
      GetRegistryPolicy: (_, held) => ({ policyText: having(held, '', 'RegistryPolicyNotFoundException') }),
      PutRegistryPolicy: sets('policyText'),
      DeleteRegistryPolicy: clears,
    },
    reads: [['GetRegistryPolicy', {}]],
    listCalls: [],
    listed: [arnOf('ecr', 'registry')],
    writes: [['PutRegistryPolicy', { policyText: contents.accepted.policy }]],
    removal: [['DeleteRegistryPolicy', {}]],
  },
  {
    name: 'a file system policy',
    kind: 'file-system-policy',
    arn: arnOf('elasticfilesystem', 'file-system/fs-1'),
    service: 'efs',
    client: EFSClient,
    answers: {
      DescribeFileSystems(input: Input, held) {
        if (input['FileSystemId'] === undefined)
          return pages(
            'Marker',
            {
              FileSystems: [{ FileSystemArn: arnOf('elasticfilesystem', 'file-system/fs-1') }],
              NextMarker: 'more',
            },
            { FileSystems: [{ FileSystemArn: arnOf('elasticfilesystem', 'file-system/fs-2') }] },
          )(input);
        there(held, 'FileSystemNotFound');
        return { FileSystems: [{ CreationTime: MADE }] };
      },
      DescribeFileSystemPolicy: (_, held) => ({
        Policy: having(held, 'FileSystemNotFound', 'PolicyNotFound'),
      }),
      PutFileSystemPolicy: sets('Policy'),
      DeleteFileSystemPolicy: clears,
    },
    reads: [
      ['DescribeFileSystems', { FileSystemId: 'fs-1' }],
      ['DescribeFileSystemPolicy', { FileSystemId: 'fs-1' }],
    ],
    listCalls: [
      ['DescribeFileSystems', {}],
      ['DescribeFileSystems', { Marker: 'more' }],
    ],
    listed: [arnOf('elasticfilesystem', 'file-system/fs-1'), arnOf('elasticfilesystem', 'file-system/fs-2')],
    writes: [['PutFileSystemPolicy', { FileSystemId: 'fs-1', Policy: contents.accepted.policy }]],
    removal: [['DeleteFileSystemPolicy', { FileSystemId: 'fs-1' }]],
  },
  {
    name: 'a table’s policy',
    kind: 'table-policy',
    arn: table,
    service: 'dynamodb',
    client: DynamoDBClient,
    answers: {
      GetResourcePolicy: (_, held) => ({
        Policy: having(held, 'ResourceNotFoundException', 'PolicyNotFoundException'),
        RevisionId: 'r7',
      }),
      ListTables: pages(
        'ExclusiveStartTableName',
        { TableNames: ['orders'], LastEvaluatedTableName: 'orders' },
        { TableNames: ['users'] },
      ),
      PutResourcePolicy: sets('Policy'),
      DeleteResourcePolicy: clears,
    },
    reads: [['GetResourcePolicy', { ResourceArn: table }]],
    listCalls: [
      ['ListTables', {}],
      ['ListTables', { ExclusiveStartTableName: 'orders' }],
    ],
    listed: [table, arnOf('dynamodb', 'table/users')],
    writes: [
      [
        'PutResourcePolicy',
        { ResourceArn: table, Policy: contents.accepted.policy, ExpectedRevisionId: 'r7' },
      ],
    ],
    removal: [['DeleteResourcePolicy', { ResourceArn: table, ExpectedRevisionId: 'r7' }]],
  },
  {
    name: 'a stream’s policy',
    kind: 'stream-policy',
    arn: stream,
    service: 'kinesis',
    client: KinesisClient,
    answers: {
      GetResourcePolicy: (_, held) => ({ Policy: there(held, 'ResourceNotFoundException').policy || '{}' }),
      ListStreams: pages(
        'NextToken',
        { StreamSummaries: [{ StreamARN: stream }], NextToken: 'more', HasMoreStreams: true },
        { StreamSummaries: [{ StreamARN: `${stream}2` }], HasMoreStreams: false },
      ),
      PutResourcePolicy: sets('Policy'),
      DeleteResourcePolicy: clears,
    },
    reads: [['GetResourcePolicy', { ResourceARN: stream }]],
    listCalls: [
      ['ListStreams', {}],
      ['ListStreams', { NextToken: 'more' }],
    ],
    listed: [stream, `${stream}2`],
    writes: [['PutResourcePolicy', { ResourceARN: stream, Policy: contents.accepted.policy }]],
    removal: [['DeleteResourcePolicy', { ResourceARN: stream }]],
  },
  {
    name: 'the data catalog’s policy',
    kind: 'data-catalog-policy',
    arn: arnOf('glue', 'catalog'),
    service: 'glue',
    client: GlueClient,
    answers: {
      GetResourcePolicy: (_, held) => ({
        PolicyInJson: having(held, '', 'EntityNotFoundException'),
        PolicyHash: 'h7',
      }),
      PutResourcePolicy: sets('PolicyInJson'),
      DeleteResourcePolicy: clears,
    },
    reads: [['GetResourcePolicy', {}]],
    listCalls: [],
    listed: [arnOf('glue', 'catalog')],
    writes: [
      [
        'PutResourcePolicy',
        {
          PolicyInJson: contents.accepted.policy,
          PolicyHashCondition: 'h7',
          PolicyExistsCondition: 'MUST_EXIST',
        },
      ],
    ],
    removal: [['DeleteResourcePolicy', { PolicyHashCondition: 'h7' }]],
  },
  {
    name: 'a domain’s access policy',
    kind: 'domain-policy',
    arn: arnOf('es', 'domain/logs'),
    service: 'openSearch',
    client: OpenSearchClient,
    answers: {
      DescribeDomain: (_, held) => ({
        DomainStatus: { AccessPolicies: there(held, 'ResourceNotFoundException').policy },
      }),
      ListDomainNames: () => ({ DomainNames: [{ DomainName: 'logs' }, { DomainName: 'shop' }] }),
      UpdateDomainConfig: sets('AccessPolicies'),
    },
    reads: [['DescribeDomain', { DomainName: 'logs' }]],
    listCalls: [['ListDomainNames', {}]],
    listed: [arnOf('es', 'domain/logs'), arnOf('es', 'domain/shop')],
    writes: [['UpdateDomainConfig', { DomainName: 'logs', AccessPolicies: contents.accepted.policy }]],
    removal: [['UpdateDomainConfig', { DomainName: 'logs', AccessPolicies: '' }]],
  },
  {
    name: 'an event bus’s policy',
    kind: 'event-bus-policy',
    arn: arnOf('events', 'event-bus/orders'),
    service: 'eventBridge',
    client: EventBridgeClient,
    answers: {
      DescribeEventBus: (_, held) => ({
        Policy: there(held, 'ResourceNotFoundException').policy,
        CreationTime: MADE,
      }),
      ListEventBuses: pages(
        'NextToken',
        { EventBuses: [{ Arn: arnOf('events', 'event-bus/orders') }], NextToken: 'more' },
        { EventBuses: [{ Arn: arnOf('events', 'event-bus/default') }] },
      ),
      PutPermission: sets('Policy'),
      RemovePermission: clears,
    },
    reads: [['DescribeEventBus', { Name: 'orders' }]],
    listCalls: [
      ['ListEventBuses', {}],
      ['ListEventBuses', { NextToken: 'more' }],
    ],
    listed: [arnOf('events', 'event-bus/orders'), arnOf('events', 'event-bus/default')],
    writes: [['PutPermission', { EventBusName: 'orders', Policy: contents.accepted.policy }]],
    removal: [['RemovePermission', { EventBusName: 'orders', RemoveAllPermissions: true }]],
  },
  {
    name: 'a vault’s access policy',
    kind: 'backup-vault-policy',
    arn: arnOf('backup', 'backup-vault:main'),
    service: 'backup',
    client: BackupClient,
    answers: {
      DescribeBackupVault(_, held) {
        there(held, 'ResourceNotFoundException');
        return { CreationDate: MADE };
      },
      GetBackupVaultAccessPolicy: (_, held) => ({
        Policy: having(held, 'ResourceNotFoundException', 'ResourceNotFoundException'),
      }),
      ListBackupVaults: pages(
        'NextToken',
        { BackupVaultList: [{ BackupVaultArn: arnOf('backup', 'backup-vault:main') }], NextToken: 'more' },
        { BackupVaultList: [{ BackupVaultArn: arnOf('backup', 'backup-vault:b') }] },
      ),
      PutBackupVaultAccessPolicy: sets('Policy'),
      DeleteBackupVaultAccessPolicy: clears,
    },
    reads: [
      ['DescribeBackupVault', { BackupVaultName: 'main' }],
      ['GetBackupVaultAccessPolicy', { BackupVaultName: 'main' }],
    ],
    listCalls: [
      ['ListBackupVaults', {}],
      ['ListBackupVaults', { NextToken: 'more' }],
    ],
    listed: [arnOf('backup', 'backup-vault:main'), arnOf('backup', 'backup-vault:b')],
    writes: [['PutBackupVaultAccessPolicy', { BackupVaultName: 'main', Policy: contents.accepted.policy }]],
    removal: [['DeleteBackupVaultAccessPolicy', { BackupVaultName: 'main' }]],
  },
];

/** Of these AWS shows no difference between a resource without a policy and one that is not there. */
const ALWAYS_THERE = new Set([
  'registry-policy',
  'data-catalog-policy',
  'table-policy',
  'organizations-resource-policy',
]);

describe.each(cases)('$name', ({ name, removal, ...kindCase }) => {
  const whole: Case = { ...contents, ...kindCase };
  describeKind(name, whole);

  const adapter = ADAPTERS[whole.kind];
  const target = { kind: whole.kind, arn: whole.arn, ...PLACE };

  if (removal !== undefined)
    it('is taken away again where there was none', async () => {
      const aws = fakeAws(whole, { policy: '' });
      const accepted = await adapter.read(target, aws.clients);
      aws.hold({ policy: contents.from.policy });
      const from = await adapter.read(target, aws.clients);

      const outcome = await adapter.restore({ accepted, from }, aws.clients);

      expect(outcome.kind).toBe('restored');
      expect(accepted).toMatchObject({ exists: true, parts: [] });
      expect(aws.writes()).toEqual(removal);
    });

  if (!ALWAYS_THERE.has(whole.kind))
    it('is not there when AWS says so', async () => {
      const aws = fakeAws(whole, undefined);

      expect(await adapter.read(target, aws.clients)).toMatchObject({ exists: false, parts: [] });
    });
});

describe('a secret that an event names by its name', () => {
  it('is looked up under its whole ARN', async () => {
    const { clients, calls } = fakeAws<Held>(
      {
        service: 'secretsManager',
        client: SecretsManagerClient,
        answers: {
          GetResourcePolicy({ SecretId }: { readonly SecretId: string }) {
            if (SecretId !== 's') throw awsError('ResourceNotFoundException');
            return { ARN: secret };
          },
        },
      },
      undefined,
    );
    const arn = secret.replace('-AbCdEf', '');

    const resolved = await ADAPTERS['secret-policy'].resolve?.(
      { kind: 'secret-policy', arn, ...PLACE },
      clients,
    );

    expect(resolved?.map((one) => one.arn)).toEqual([secret]);
    expect(calls.map(([, input]) => input)).toEqual([{ SecretId: arn }, { SecretId: 's' }]);
  });
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('a creation template', () => {
  const arn = arnOf('ecr', 'repository-creation-template/team/app');
  const target = { kind: 'repository-creation-template', arn, ...PLACE } as const;
  const adapter = ADAPTERS['repository-creation-template'];
  const aws = (held: Held) =>
    fakeAws<Held>(
      {
        service: 'ecr',
        client: ECRClient,
        answers: {
          DescribeRepositoryCreationTemplates(input: Input, holds) {
            if (input['prefixes'] === undefined)
              return pages(
                'nextToken',
                { repositoryCreationTemplates: [{ prefix: 'team/app' }], nextToken: 'more' },
                { repositoryCreationTemplates: [{ prefix: 'ROOT' }] },
              )(input);
            const { policy } = there(holds, 'TemplateNotFoundException');
            return {
              repositoryCreationTemplates: [
                { prefix: 'team/app', createdAt: MADE, repositoryPolicy: policy },
              ],
            };
          },
        },
      },
      held,
    );

  it('is read by its prefix, for the policy of what is made from it', async () => {
    const { clients, calls } = aws({ policy: contents.from.policy });

    expect(await adapter.read(target, clients)).toMatchObject({
      exists: true,
      uniqueId: MADE.toISOString(),
      parts: [{ id: 'document', role: 'resource', document: contents.from.policy }],
    });
    expect(calls).toEqual([['DescribeRepositoryCreationTemplates', { prefixes: ['team/app'] }]]);
  });

  it('may give no policy, or not be there', async () => {
    expect(await adapter.read(target, aws({ policy: '' }).clients)).toMatchObject({
      exists: true,
      parts: [],
    });
    expect(await adapter.read(target, aws(undefined).clients)).toMatchObject({ exists: false });
  });

  it('is listed, page by page', async () => {
    const listed = await all(adapter.list(aws(undefined).clients, PLACE));

    expect(listed.map((ref) => ref.arn)).toEqual([arn, arnOf('ecr', 'repository-creation-template/ROOT')]);
  });

  it('is never written', () => {
    expect(adapter.whyNotRestorable(target)).toContain('only reported');
  });
});

describe('public ECR', () => {
  it('is looked for in no partition that has none', async () => {
    const place = { accountId: ACCOUNT, region: 'cn-north-1' };
    const { clients, calls } = fakeAws<Held>(
      { service: 'ecrPublic', client: ECRPUBLICClient, answers: {} },
      undefined,
    );

    const listed = await all(ADAPTERS['public-repository-policy'].list(clients, place));

    expect([listed, calls]).toEqual([[], []]);
  });
});

describe('a document that some services show in the place of none', () => {
  it.each(['', '{}', ' { } '])('is none: %j', (document) => {
    expect(unlessEmpty(document)).toBeUndefined();
  });

  it('is none of these: a policy', () => {
    expect(unlessEmpty(contents.accepted.policy)).toBe(contents.accepted.policy);
  });
});
