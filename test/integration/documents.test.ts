/** Rounds of the kinds that hold one document: opened to another account, or to everybody, found, restored, silence. */
import { CreateBackupVaultCommand, PutBackupVaultAccessPolicyCommand } from '@aws-sdk/client-backup';
import { CreateTableCommand, PutResourcePolicyCommand as PutTablePolicy } from '@aws-sdk/client-dynamodb';
import {
  CreateRepositoryCommand,
  CreateRepositoryCreationTemplateCommand,
  PutRegistryPolicyCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import {
  CreateRepositoryCommand as CreatePublicRepository,
  SetRepositoryPolicyCommand as SetPublicRepositoryPolicy,
} from '@aws-sdk/client-ecr-public';
import {
  CreateFileSystemCommand,
  DeleteFileSystemPolicyCommand,
  DescribeFileSystemsCommand,
  PutFileSystemPolicyCommand,
} from '@aws-sdk/client-efs';
import { CreateEventBusCommand, PutPermissionCommand } from '@aws-sdk/client-eventbridge';
import {
  DeleteResourcePolicyCommand as DeleteCatalogPolicy,
  PutResourcePolicyCommand as PutCatalogPolicy,
} from '@aws-sdk/client-glue';
import { CreateStreamCommand, PutResourcePolicyCommand as PutStreamPolicy } from '@aws-sdk/client-kinesis';
import { CreateDomainCommand, UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import {
  CreateSecretCommand,
  PutResourcePolicyCommand as PutSecretPolicy,
} from '@aws-sdk/client-secrets-manager';
import {
  AddPermissionCommand as AddTopicPermission,
  CreateTopicCommand,
  SetTopicAttributesCommand,
} from '@aws-sdk/client-sns';
import {
  AddPermissionCommand as AddQueuePermission,
  CreateQueueCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, createSetting, expectRestored, PLACE, type Round, text } from './setting.ts';

const STRANGER = '444455556666';
const arnOf = (service: string, rest: string) => `arn:aws:${service}:${PLACE.region}:${ACCOUNT}:${rest}`;
const letIn = (principal: string, action: string, resource = '*') =>
  text({
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: principal },
    Action: action,
    Resource: resource,
  });

const topic = arnOf('sns', 't');
const QueueUrl = `https://sqs.${PLACE.region}.amazonaws.com/${ACCOUNT}/q`;
const makeTopic = ({ sns }: AwsClients) => sns.send(new CreateTopicCommand({ Name: 't' }));
const makeQueue = ({ sqs }: AwsClients) => sqs.send(new CreateQueueCommand({ QueueName: 'q' }));

async function fileSystem({ efs }: AwsClients): Promise<string> {
  const { FileSystems: [only] = [] } = await efs.send(new DescribeFileSystemsCommand({}));
  return only?.FileSystemId ?? '';
}

const rounds: readonly Round[] = [
  {
    name: 'a topic that everybody may publish to',
    before: makeTopic,
    change: ({ sns }) =>
      sns.send(
        new SetTopicAttributesCommand({
          TopicArn: topic,
          AttributeName: 'Policy',
          AttributeValue: letIn('*', 'sns:Publish', topic),
        }),
      ),
    check: 'no-public-access',
  },
  {
    name: 'another account that is added to a topic',
    before: makeTopic,
    change: ({ sns }) =>
      sns.send(
        new AddTopicPermission({
          TopicArn: topic,
          Label: 'stranger',
          AWSAccountId: [STRANGER],
          ActionName: ['Publish'],
        }),
      ),
    check: 'no-external-access',
  },
  {
    name: 'a queue that everybody may read',
    before: makeQueue,
    change: ({ sqs }) =>
      sqs.send(
        new SetQueueAttributesCommand({
          QueueUrl,
          Attributes: { Policy: letIn('*', 'sqs:ReceiveMessage', arnOf('sqs', 'q')) },
        }),
      ),
    check: 'no-public-access',
  },
  {
    name: 'another account that is added to a queue',
    before: makeQueue,
    change: ({ sqs }) =>
      sqs.send(
        new AddQueuePermission({ QueueUrl, Label: 's', AWSAccountIds: [STRANGER], Actions: ['SendMessage'] }),
      ),
    check: 'no-external-access',
  },
  {
    name: 'a secret that another account may read',
    before: ({ secretsManager }) => secretsManager.send(new CreateSecretCommand({ Name: 's' })),
    change: ({ secretsManager }) =>
      secretsManager.send(
        new PutSecretPolicy({
          SecretId: 's',
          ResourcePolicy: letIn(STRANGER, 'secretsmanager:GetSecretValue'),
        }),
      ),
    check: 'no-external-access',
  },
  {
    name: 'a repository that everybody may pull from',
    before: ({ ecr }) => ecr.send(new CreateRepositoryCommand({ repositoryName: 'team/app' })),
    change: ({ ecr }) =>
      ecr.send(
        new SetRepositoryPolicyCommand({
          repositoryName: 'team/app',
          policyText: text({ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }),
        }),
      ),
    check: 'no-public-access',
  },
  {
    name: 'a public repository that another account may push to',
    before: ({ ecrPublic }) => ecrPublic.send(new CreatePublicRepository({ repositoryName: 'team/app' })),
    change: ({ ecrPublic }) =>
      ecrPublic.send(
        new SetPublicRepositoryPolicy({
          repositoryName: 'team/app',
          policyText: letIn(STRANGER, 'ecr-public:PutImage'),
        }),
      ),
    check: 'no-external-access',
  },
  {
    name: 'a registry that another account may replicate into',
    before: ({ ecr }) =>
      ecr.send(new PutRegistryPolicyCommand({ policyText: letIn(ACCOUNT, 'ecr:ReplicateImage') })),
    change: ({ ecr }) =>
      ecr.send(new PutRegistryPolicyCommand({ policyText: letIn(STRANGER, 'ecr:ReplicateImage') })),
    check: 'no-external-access',
  },
  {
    name: 'a file system whose policy is taken away',
    before: async (clients) => {
      await clients.efs.send(new CreateFileSystemCommand({ CreationToken: 'c' }));
      await clients.efs.send(
        new PutFileSystemPolicyCommand({
          FileSystemId: await fileSystem(clients),
          Policy: letIn(ACCOUNT, 'elasticfilesystem:ClientMount'),
        }),
      );
    },
    change: async (clients) =>
      clients.efs.send(new DeleteFileSystemPolicyCommand({ FileSystemId: await fileSystem(clients) })),
    check: 'no-new-access',
  },
  {
    name: 'a table that another account may read',
    before: ({ dynamodb }) =>
      dynamodb.send(new CreateTableCommand({ TableName: 'orders', KeySchema: [], AttributeDefinitions: [] })),
    change: ({ dynamodb }) =>
      dynamodb.send(
        new PutTablePolicy({
          ResourceArn: arnOf('dynamodb', 'table/orders'),
          Policy: letIn(STRANGER, 'dynamodb:GetItem'),
        }),
      ),
    check: 'no-external-access',
  },
  {
    name: 'a stream that another account may read',
    before: ({ kinesis }) => kinesis.send(new CreateStreamCommand({ StreamName: 'clicks' })),
    change: ({ kinesis }) =>
      kinesis.send(
        new PutStreamPolicy({
          ResourceARN: arnOf('kinesis', 'stream/clicks'),
          Policy: letIn(STRANGER, 'kinesis:GetRecords'),
        }),
      ),
    check: 'no-external-access',
  },
  {
    name: 'a data catalog that another account may read',
    before: async ({ glue }) => {
      await glue.send(new PutCatalogPolicy({ PolicyInJson: letIn(ACCOUNT, 'glue:GetTable') }));
      await glue.send(new DeleteCatalogPolicy({}));
    },
    change: ({ glue }) => glue.send(new PutCatalogPolicy({ PolicyInJson: letIn(STRANGER, 'glue:GetTable') })),
    check: 'no-external-access',
  },
  {
    name: 'a domain that everybody may search',
    before: ({ openSearch }) => openSearch.send(new CreateDomainCommand({ DomainName: 'logs' })),
    change: ({ openSearch }) =>
      openSearch.send(
        new UpdateDomainConfigCommand({ DomainName: 'logs', AccessPolicies: letIn('*', 'es:ESHttpGet') }),
      ),
    check: 'no-public-access',
  },
  {
    name: 'an event bus that everybody may put events on',
    before: ({ eventBridge }) => eventBridge.send(new CreateEventBusCommand({ Name: 'orders' })),
    change: ({ eventBridge }) =>
      eventBridge.send(
        new PutPermissionCommand({
          EventBusName: 'orders',
          StatementId: 'all',
          Principal: '*',
          Action: 'events:PutEvents',
        }),
      ),
    check: 'no-public-access',
  },
  {
    name: 'a vault that another account may copy into',
    before: ({ backup }) => backup.send(new CreateBackupVaultCommand({ BackupVaultName: 'main' })),
    change: ({ backup }) =>
      backup.send(
        new PutBackupVaultAccessPolicyCommand({
          BackupVaultName: 'main',
          Policy: letIn(STRANGER, 'backup:CopyIntoBackupVault'),
        }),
      ),
    check: 'no-external-access',
  },
];

describe('the guard of resources with a policy of their own', () => {
  it.each(rounds)('finds $name, and restores what was there', (round) => expectRestored(round));

  it('tells of a template by which everybody may pull what is made from it, and leaves it', async () => {
    const setting = createSetting();
    await setting.later(({ ecr }) =>
      ecr.send(
        new CreateRepositoryCreationTemplateCommand({
          prefix: 'team',
          appliedFor: ['PULL_THROUGH_CACHE'],
          repositoryPolicy: text({ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }),
        }),
      ),
    );

    expect([...setting.told().values()]).toMatchObject([
      {
        target: { kind: 'repository-creation-template' },
        check: 'no-public-access',
        status: 'ACTIVE',
        action: { kind: 'declined' },
      },
    ]);
  });
});
