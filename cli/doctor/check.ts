/** What a check of the doctor is: what is asked, of whom, and what is said where it is not as it should be. */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { ShapesClient } from '../../shared/targets/sdkShapes.ts';
import type { StackPart } from './stackParts.ts';

export type DoctorClients = {
  readonly cloudFormation: CloudFormationClient;
  readonly cloudTrail: CloudTrailClient;
  readonly cloudWatch: CloudWatchClient;
  readonly eventBridge: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: ShapesClient;
  readonly securityHub: SecurityHubClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
};

export type CheckState = 'ok' | 'missing' | 'unknown';

export type CheckReport = {
  readonly region: string;
  readonly check: string;
  readonly state: CheckState;
  /** What was seen. */
  readonly seen: string;
  /** What to do; present iff it is not ok. */
  readonly remedy?: string;
};

export type Place = {
  readonly stack: string;
  readonly region: string;
  /** Whose credentials these are: the guard's own account. */
  readonly accountId: string;
  readonly partition: string;
  /** Who asks. */
  readonly callerArn: string;
  readonly now: Date;
};

/** `remedy`: what to do about just this; absent, what the check says. */
export type Seen = { readonly ok: boolean; readonly seen: string; readonly remedy?: string };

export type Check = {
  readonly name: string;
  readonly remedy: string;
  readonly ask: (clients: DoctorClients, place: Place, parts: readonly StackPart[]) => Promise<Seen>;
};
