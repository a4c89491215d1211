/**
 * The three checks of IAM Access Analyzer as the AWS CLI calls them: their parameters, as the API's model has them.
 * Source: AWS CLI Command Reference, `accessanalyzer`; Access Analyzer API Reference.
 */

/** Parameters by the names that the API uses. A flag is the same name in kebab case. */
export type Parameters = {
  readonly policyDocument?: string;
  readonly existingPolicyDocument?: string;
  readonly newPolicyDocument?: string;
  readonly policyType?: string;
  readonly resourceType?: string;
  readonly access?: readonly unknown[];
};

export type Operation = {
  /** As on the command line. */
  readonly command: string;
  /** As in error messages. */
  readonly name: 'CheckNoNewAccess' | 'CheckAccessNotGranted' | 'CheckNoPublicAccess';
  readonly summary: string;
  /** All of them are required. */
  readonly parameters: readonly (keyof Parameters)[];
};

export const OPERATIONS: readonly Operation[] = [
  {
    command: 'check-no-new-access',
    name: 'CheckNoNewAccess',
    summary: 'does the new document grant more than the existing one?',
    parameters: ['newPolicyDocument', 'existingPolicyDocument', 'policyType'],
  },
  {
    command: 'check-access-not-granted',
    name: 'CheckAccessNotGranted',
    summary: 'does a document grant any of the listed actions or resources?',
    parameters: ['policyDocument', 'access', 'policyType'],
  },
  {
    command: 'check-no-public-access',
    name: 'CheckNoPublicAccess',
    summary: 'does a resource policy grant public access?',
    parameters: ['policyDocument', 'resourceType'],
  },
];

/** Values that the API's model lists. Source: @aws-sdk/client-accessanalyzer 3.1080.0. */
export const POLICY_TYPES = ['IDENTITY_POLICY', 'RESOURCE_POLICY'] as const;
export const RESOURCE_TYPES: readonly string[] = [
  'AWS::ApiGateway::RestApi',
  'AWS::Backup::BackupVault',
  'AWS::CloudTrail::Dashboard',
  'AWS::CloudTrail::EventDataStore',
  'AWS::CodeArtifact::Domain',
  'AWS::DynamoDB::Stream',
  'AWS::DynamoDB::Table',
  'AWS::EFS::FileSystem',
  'AWS::IAM::AssumeRolePolicyDocument',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::Lambda::Function',
  'AWS::OpenSearchService::Domain',
  'AWS::S3::AccessPoint',
  'AWS::S3::Bucket',
  'AWS::S3::Glacier',
  'AWS::S3Express::AccessPoint',
  'AWS::S3Express::DirectoryBucket',
  'AWS::S3Outposts::AccessPoint',
  'AWS::S3Outposts::Bucket',
  'AWS::S3Tables::Table',
  'AWS::S3Tables::TableBucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
];

/** Returns `--policy-document` of `policyDocument`. */
export function flagOf(parameter: keyof Parameters): string {
  return `--${parameter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
