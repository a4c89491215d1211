/** What the AWS Security Finding Format calls the things whose policies are watched. Source: ASFF, "Resources". */
import type { ResourceDetails } from '@aws-sdk/client-securityhub';

/** Types that the format has details for, and the account, which has none. */
type ResourceType = Exclude<keyof ResourceDetails, 'Container' | 'Other'> | 'AwsAccount';

/** By the beginning of an ARN's service and resource; the first that fits. */
const TYPES: readonly (readonly [prefix: string, type: ResourceType])[] = [
  ['iam:role/', 'AwsIamRole'],
  ['iam:user/', 'AwsIamUser'],
  ['iam:group/', 'AwsIamGroup'],
  ['iam:policy/', 'AwsIamPolicy'],
  ['iam:root', 'AwsAccount'],
  ['s3:accesspoint/', 'AwsS3AccessPoint'],
  ['s3:public-access-block', 'AwsAccount'],
  ['s3:', 'AwsS3Bucket'],
  ['ec2:block-public-access', 'AwsAccount'],
  ['lambda:function:', 'AwsLambdaFunction'],
  ['lambda:layer:', 'AwsLambdaLayerVersion'],
  ['kms:key/', 'AwsKmsKey'],
  ['sns:', 'AwsSnsTopic'],
  ['sqs:', 'AwsSqsQueue'],
  ['secretsmanager:secret:', 'AwsSecretsManagerSecret'],
  ['ecr:repository/', 'AwsEcrRepository'],
  ['elasticfilesystem:access-point/', 'AwsEfsAccessPoint'],
  ['dynamodb:table/', 'AwsDynamoDbTable'],
  ['kinesis:stream/', 'AwsKinesisStream'],
  ['es:domain/', 'AwsOpenSearchServiceDomain'],
  ['events:event-bus/', 'AwsEventsEventbus'],
  ['apigateway:/restapis/', 'AwsApiGatewayRestApi'],
  ['backup:backup-vault:', 'AwsBackupBackupVault'],
  ['rds:snapshot:', 'AwsRdsDbSnapshot'],
  ['rds:cluster-snapshot:', 'AwsRdsDbClusterSnapshot'],
  ['eks:cluster/', 'AwsEksCluster'],
  ['sts:assumed-role/', 'AwsIamRole'],
];

/** Returns the type of the thing that an ARN names; `Other` when the format has no word for it. */
export function resourceType(arn: string): string {
  const [, , service = '', , , ...rest] = arn.split(':');
  const named = `${service}:${rest.join(':')}`;
  return TYPES.find(([prefix]) => named.startsWith(prefix))?.[1] ?? 'Other';
}

/** Returns the partition of an ARN: `aws`, `aws-cn`, `aws-us-gov`. */
export function partitionOf(arn: string): string {
  return arn.split(':')[1] || 'aws';
}
