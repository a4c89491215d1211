/** The clients that look at a deployment, with the credentials of whoever runs the command. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { LogsClient } from '../../shared/services/logs/logsClient.ts';
import type { ClientsOf } from './examine.ts';

/** Returns the clients of a Region. */
export const clientsOf: ClientsOf = (region) => ({
  cloudFormation: new CloudFormationClient({ region }),
  cloudTrail: new CloudTrailClient({ region }),
  cloudWatch: new CloudWatchClient({ region }),
  eventBridge: new EventBridgeClient({ region }),
  iam: new IAMClient({ region }),
  lambda: new LambdaClient({ region }),
  logs: new LogsClient({ region }),
  securityHub: new SecurityHubClient({ region }),
  s3: new S3Client({ region }),
  sns: new SNSClient({ region }),
  sqs: new SQSClient({ region }),
  sts: new STSClient({ region }),
});
