/** The calls of every service as an account in memory does them. Only what replays trails loads this. Made by `npm run generate` of the services’ folders; not to be edited. */
import type { RecordedServices } from '../recording/recordedAccount.ts';
import { ACM_PCA } from './acmpca/recorded.ts';
import { API_GATEWAY } from './apigateway/recorded.ts';
import { BACKUP } from './backup/recorded.ts';
import { CODEARTIFACT } from './codeartifact/recorded.ts';
import { DYNAMODB } from './dynamodb/recorded.ts';
import { EC2 } from './ec2/recorded.ts';
import { ECR, ECR_PUBLIC } from './ecr/recorded.ts';
import { EFS } from './efs/recorded.ts';
import { EKS } from './eks/recorded.ts';
import { EVENT_BRIDGE } from './eventbridge/recorded.ts';
import { GLUE } from './glue/recorded.ts';
import { IAM } from './iam/recorded.ts';
import { KAFKA } from './kafka/recorded.ts';
import { KINESIS } from './kinesis/recorded.ts';
import { KMS } from './kms/recorded.ts';
import { LAMBDA } from './lambda/recorded.ts';
import { LOGS } from './logs/recorded.ts';
import { OPEN_SEARCH } from './opensearch/recorded.ts';
import { ORGANIZATIONS } from './organizations/recorded.ts';
import { RAM } from './ram/recorded.ts';
import { RDS } from './rds/recorded.ts';
import { ROLES_ANYWHERE } from './rolesanywhere/recorded.ts';
import { S3 } from './s3/recorded.ts';
import { S3_CONTROL } from './s3/recordedControl.ts';
import { S3_TABLES } from './s3tables/recorded.ts';
import { SECRETS_MANAGER } from './secretsmanager/recorded.ts';
import { SNS } from './sns/recorded.ts';
import { SQS } from './sqs/recorded.ts';
import { SSM } from './ssm/recorded.ts';
import { SSO_ADMIN } from './sso/recorded.ts';
import { VPC_LATTICE } from './vpclattice/recorded.ts';

export const RECORDED_SERVICES: RecordedServices = {
  iam: IAM,
  s3: S3,
  s3Control: S3_CONTROL,
  lambda: LAMBDA,
  kms: KMS,
  acmPca: ACM_PCA,
  apiGateway: API_GATEWAY,
  backup: BACKUP,
  codeArtifact: CODEARTIFACT,
  dynamodb: DYNAMODB,
  ec2: EC2,
  ecr: ECR,
  ecrPublic: ECR_PUBLIC,
  efs: EFS,
  eks: EKS,
  eventBridge: EVENT_BRIDGE,
  glue: GLUE,
  kafka: KAFKA,
  kinesis: KINESIS,
  logs: LOGS,
  openSearch: OPEN_SEARCH,
  organizations: ORGANIZATIONS,
  ram: RAM,
  rds: RDS,
  rolesAnywhere: ROLES_ANYWHERE,
  s3Tables: S3_TABLES,
  secretsManager: SECRETS_MANAGER,
  sns: SNS,
  sqs: SQS,
  ssm: SSM,
  ssoAdmin: SSO_ADMIN,
  vpcLattice: VPC_LATTICE,
};
