/** The calls of every service as an account in memory does them. Only what replays trails loads this. */
import type { RecordedServices } from '../recording/recordedAccount.ts';
import { API_GATEWAY } from './apigateway/recorded.ts';
import { BACKUP } from './backup/recorded.ts';
import { DYNAMODB } from './dynamodb/recorded.ts';
import { EC2 } from './ec2/recorded.ts';
import { ECR, ECR_PUBLIC } from './ecr/recorded.ts';
import { EFS } from './efs/recorded.ts';
import { EKS } from './eks/recorded.ts';
import { EVENT_BRIDGE } from './eventbridge/recorded.ts';
import { GLUE } from './glue/recorded.ts';
import { IAM_OPERATIONS } from './iam/recorded.ts';
import { IAM_FEDERATION_OPERATIONS } from './iam/recordedFederation.ts';
import { KINESIS } from './kinesis/recorded.ts';
import { KMS } from './kms/recorded.ts';
import { LAMBDA } from './lambda/recorded.ts';
import { OPEN_SEARCH } from './opensearch/recorded.ts';
import { ORGANIZATIONS } from './organizations/recorded.ts';
import { RAM } from './ram/recorded.ts';
import { RDS } from './rds/recorded.ts';
import { ROLES_ANYWHERE } from './rolesanywhere/recorded.ts';
import { S3 } from './s3/recorded.ts';
import { S3_CONTROL } from './s3/recordedControl.ts';
import { SECRETS_MANAGER } from './secretsmanager/recorded.ts';
import { SNS } from './sns/recorded.ts';
import { SQS } from './sqs/recorded.ts';
import { SSO_ADMIN } from './sso/recorded.ts';

export const RECORDED_SERVICES: RecordedServices = {
  iam: { source: 'iam.amazonaws.com', operations: { ...IAM_OPERATIONS, ...IAM_FEDERATION_OPERATIONS } },
  s3: S3,
  s3Control: S3_CONTROL,
  lambda: LAMBDA,
  kms: KMS,
  sns: SNS,
  sqs: SQS,
  secretsManager: SECRETS_MANAGER,
  ecr: ECR,
  ecrPublic: ECR_PUBLIC,
  efs: EFS,
  dynamodb: DYNAMODB,
  kinesis: KINESIS,
  glue: GLUE,
  openSearch: OPEN_SEARCH,
  eventBridge: EVENT_BRIDGE,
  backup: BACKUP,
  eks: EKS,
  ram: RAM,
  ec2: EC2,
  rds: RDS,
  apiGateway: API_GATEWAY,
  organizations: ORGANIZATIONS,
  ssoAdmin: SSO_ADMIN,
  rolesAnywhere: ROLES_ANYWHERE,
};
