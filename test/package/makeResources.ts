/** Makes what the template says in the account, by the calls that CloudFormation would make for it, in the order that it needs. */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { Deployed } from './template.ts';

type Properties = Deployed['Properties'];

/** Of a type: the calls, and what AWS tells of the resource only then. */
type Make = (clients: AwsClients, resource: Deployed) => Promise<{ readonly [attribute: string]: string }>;

const textOf = (value: unknown) => JSON.stringify(value);
const lastOf = (name: string, separator: string) => name.split(separator).at(-1) ?? '';
const queueName = ({ physicalId }: Deployed) => lastOf(physicalId, '/');
/** What has no references to what is made after it comes first. */
const MAKES: readonly (readonly [type: string, make: Make])[] = [
  [
    'AWS::KMS::Key',
    async ({ kms }, { Properties }) => {
      const { KeyMetadata } = await kms.send(
        new CreateKeyCommand({ Policy: textOf(Properties['KeyPolicy']) }),
      );
      return { Ref: KeyMetadata?.KeyId ?? '' };
    },
  ],
  [
    'AWS::S3::Bucket',
    async ({ s3 }, { physicalId: Bucket }) => {
      await s3.send(new CreateBucketCommand({ Bucket }));
      return {};
    },
  ],
  [
    'AWS::SQS::Queue',
    async ({ sqs }, resource) => {
      const { Properties } = resource;
      const Attributes = {
        VisibilityTimeout: String(Properties['VisibilityTimeout'] ?? 30),
        ...(Properties['RedrivePolicy'] === undefined
          ? {}
          : { RedrivePolicy: textOf(Properties['RedrivePolicy']) }),
      };
      await sqs.send(new CreateQueueCommand({ QueueName: queueName(resource), Attributes }));
      return {};
    },
  ],
  [
    'AWS::SNS::Topic',
    async ({ sns }, { physicalId }) => {
      await sns.send(new CreateTopicCommand({ Name: lastOf(physicalId, ':') }));
      return {};
    },
  ],
  [
    'AWS::IAM::ManagedPolicy',
    async ({ iam }, { physicalId, Properties }) => {
      const PolicyName = lastOf(physicalId, '/');
      const PolicyDocument = textOf(Properties['PolicyDocument']);
      await iam.send(new CreatePolicyCommand({ PolicyName, Path: pathOf(Properties), PolicyDocument }));
      return {};
    },
  ],
  [
    'AWS::IAM::Role',
    async ({ iam }, { physicalId: RoleName, Properties }) => {
      const AssumeRolePolicyDocument = textOf(Properties['AssumeRolePolicyDocument']);
      const boundary = Properties['PermissionsBoundary'];
      const { Role } = await iam.send(
        new CreateRoleCommand({
          RoleName,
          Path: pathOf(Properties),
          AssumeRolePolicyDocument,
          ...(boundary === undefined ? {} : { PermissionsBoundary: String(boundary) }),
        }),
      );
      for (const PolicyArn of listOf<string>(Properties['ManagedPolicyArns']))
        await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      for (const { PolicyName, PolicyDocument } of listOf<Inline>(Properties['Policies']))
        await iam.send(
          new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: textOf(PolicyDocument) }),
        );
      return { RoleId: Role?.RoleId ?? '' };
    },
  ],
  [
    'AWS::Lambda::Function',
    async ({ lambda }, { physicalId, Properties }) => {
      const Role = String(Properties['Role']);
      await lambda.send(new CreateFunctionCommand({ FunctionName: physicalId, Role, Code: {} }));
      return {};
    },
  ],
  [
    'AWS::S3::BucketPolicy',
    async ({ s3 }, { Properties }) => {
      const Policy = textOf(Properties['PolicyDocument']);
      await s3.send(new PutBucketPolicyCommand({ Bucket: String(Properties['Bucket']), Policy }));
      return {};
    },
  ],
  [
    'AWS::SQS::QueuePolicy',
    async ({ sqs }, { Properties }) => {
      const Attributes = { Policy: textOf(Properties['PolicyDocument']) };
      for (const QueueUrl of listOf<string>(Properties['Queues']))
        await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
      return {};
    },
  ],
  [
    'AWS::SNS::TopicPolicy',
    async ({ sns }, { Properties }) => {
      const AttributeValue = textOf(Properties['PolicyDocument']);
      for (const TopicArn of listOf<string>(Properties['Topics']))
        await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
      return {};
    },
  ],
];

type Inline = { readonly PolicyName: string; readonly PolicyDocument: object };

/** A list of the template, whose members are as its type says. */
const listOf = <Member>(value: unknown): readonly Member[] => (value ?? []) as readonly Member[];
const pathOf = (properties: Properties) => String(properties['Path'] ?? '/');

/**
 * Makes what can be made of each type. `resources` is asked anew for each type, with what AWS told so far
 * (`DetectRole.RoleId`), and what was told is returned.
 */
export async function makeResources(
  resources: (told: { readonly [idAndName: string]: string }) => readonly Deployed[],
  clients: AwsClients,
): Promise<{ readonly [idAndName: string]: string }> {
  const told: { [idAndName: string]: string } = {};
  for (const [type, make] of MAKES) {
    for (const resource of resources(told).filter(({ Type }) => Type === type)) {
      const attributes = await make(clients, resource);
      for (const [name, value] of Object.entries(attributes)) told[`${resource.id}.${name}`] = value;
    }
  }
  return told;
}
