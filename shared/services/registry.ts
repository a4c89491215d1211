/** Made by `npm run generate` of the services’ folders; not to be edited. */
import type { ServiceEvents } from '../changes/eventRow.ts';
import type { ClientDefinition, KindDefinition } from '../targets/kind.ts';
import { ACM_PCA_EVENTS } from './acmpca/events.ts';
import { ACM_PCA_CLIENTS, ACM_PCA_KINDS } from './acmpca/kinds.ts';
import { API_GATEWAY_EVENTS } from './apigateway/events.ts';
import { API_GATEWAY_CLIENTS, API_GATEWAY_KINDS } from './apigateway/kinds.ts';
import { BACKUP_EVENTS } from './backup/events.ts';
import { BACKUP_CLIENTS, BACKUP_KINDS } from './backup/kinds.ts';
import { CODEARTIFACT_EVENTS } from './codeartifact/events.ts';
import { CODEARTIFACT_CLIENTS, CODEARTIFACT_KINDS } from './codeartifact/kinds.ts';
import { DYNAMODB_EVENTS } from './dynamodb/events.ts';
import { DYNAMODB_CLIENTS, DYNAMODB_KINDS } from './dynamodb/kinds.ts';
import { EC2_EVENTS } from './ec2/events.ts';
import { EC2_CLIENTS, EC2_KINDS } from './ec2/kinds.ts';
import { ECR_EVENTS, ECR_PUBLIC_EVENTS } from './ecr/events.ts';
import { ECR_CLIENTS, ECR_KINDS } from './ecr/kinds.ts';
import { EFS_EVENTS } from './efs/events.ts';
import { EFS_CLIENTS, EFS_KINDS } from './efs/kinds.ts';
import { EKS_EVENTS } from './eks/events.ts';
import { EKS_CLIENTS, EKS_KINDS } from './eks/kinds.ts';
import { EVENT_BRIDGE_EVENTS } from './eventbridge/events.ts';
import { EVENT_BRIDGE_CLIENTS, EVENT_BRIDGE_KINDS } from './eventbridge/kinds.ts';
import { GLUE_EVENTS } from './glue/events.ts';
import { GLUE_CLIENTS, GLUE_KINDS } from './glue/kinds.ts';
import { IAM_EVENTS } from './iam/events.ts';
import { IAM_CLIENTS, IAM_KINDS } from './iam/kinds.ts';
import { KAFKA_EVENTS } from './kafka/events.ts';
import { KAFKA_CLIENTS, KAFKA_KINDS } from './kafka/kinds.ts';
import { KINESIS_EVENTS } from './kinesis/events.ts';
import { KINESIS_CLIENTS, KINESIS_KINDS } from './kinesis/kinds.ts';
import { KMS_EVENTS } from './kms/events.ts';
import { KMS_CLIENTS, KMS_KINDS } from './kms/kinds.ts';
import { LAMBDA_EVENTS } from './lambda/events.ts';
import { LAMBDA_CLIENTS, LAMBDA_KINDS } from './lambda/kinds.ts';
import { LOGS_EVENTS } from './logs/events.ts';
import { LOGS_CLIENTS, LOGS_KINDS } from './logs/kinds.ts';
import { OPEN_SEARCH_EVENTS } from './opensearch/events.ts';
import { OPEN_SEARCH_CLIENTS, OPEN_SEARCH_KINDS } from './opensearch/kinds.ts';
import { ORGANIZATIONS_EVENTS } from './organizations/events.ts';
import { ORGANIZATIONS_CLIENTS, ORGANIZATIONS_KINDS } from './organizations/kinds.ts';
import { RAM_EVENTS } from './ram/events.ts';
import { RAM_CLIENTS, RAM_KINDS } from './ram/kinds.ts';
import { RDS_EVENTS } from './rds/events.ts';
import { RDS_CLIENTS, RDS_KINDS } from './rds/kinds.ts';
import { ROLES_ANYWHERE_EVENTS } from './rolesanywhere/events.ts';
import { ROLES_ANYWHERE_CLIENTS, ROLES_ANYWHERE_KINDS } from './rolesanywhere/kinds.ts';
import { S3_EVENTS } from './s3/events.ts';
import { S3_CLIENTS, S3_KINDS } from './s3/kinds.ts';
import { S3_TABLES_EVENTS } from './s3tables/events.ts';
import { S3_TABLES_CLIENTS, S3_TABLES_KINDS } from './s3tables/kinds.ts';
import { SECRETS_MANAGER_EVENTS } from './secretsmanager/events.ts';
import { SECRETS_MANAGER_CLIENTS, SECRETS_MANAGER_KINDS } from './secretsmanager/kinds.ts';
import { SNS_EVENTS } from './sns/events.ts';
import { SNS_CLIENTS, SNS_KINDS } from './sns/kinds.ts';
import { SQS_EVENTS } from './sqs/events.ts';
import { SQS_CLIENTS, SQS_KINDS } from './sqs/kinds.ts';
import { SSM_EVENTS } from './ssm/events.ts';
import { SSM_CLIENTS, SSM_KINDS } from './ssm/kinds.ts';
import { SSO_ADMIN_EVENTS } from './sso/events.ts';
import { SSO_CLIENTS, SSO_KINDS } from './sso/kinds.ts';
import { VPC_LATTICE_EVENTS } from './vpclattice/events.ts';
import { VPC_LATTICE_CLIENTS, VPC_LATTICE_KINDS } from './vpclattice/kinds.ts';

/** Every kind. */
export const KINDS: readonly KindDefinition[] = [
  ...IAM_KINDS,
  ...S3_KINDS,
  ...LAMBDA_KINDS,
  ...KMS_KINDS,
  ...ACM_PCA_KINDS,
  ...API_GATEWAY_KINDS,
  ...BACKUP_KINDS,
  ...CODEARTIFACT_KINDS,
  ...DYNAMODB_KINDS,
  ...EC2_KINDS,
  ...ECR_KINDS,
  ...EFS_KINDS,
  ...EKS_KINDS,
  ...EVENT_BRIDGE_KINDS,
  ...GLUE_KINDS,
  ...KAFKA_KINDS,
  ...KINESIS_KINDS,
  ...LOGS_KINDS,
  ...OPEN_SEARCH_KINDS,
  ...ORGANIZATIONS_KINDS,
  ...RAM_KINDS,
  ...RDS_KINDS,
  ...ROLES_ANYWHERE_KINDS,
  ...S3_TABLES_KINDS,
  ...SECRETS_MANAGER_KINDS,
  ...SNS_KINDS,
  ...SQS_KINDS,
  ...SSM_KINDS,
  ...SSO_KINDS,
  ...VPC_LATTICE_KINDS,
];

/** Every client. */
export const CLIENTS: readonly ClientDefinition[] = [
  ...IAM_CLIENTS,
  ...S3_CLIENTS,
  ...LAMBDA_CLIENTS,
  ...KMS_CLIENTS,
  ...ACM_PCA_CLIENTS,
  ...API_GATEWAY_CLIENTS,
  ...BACKUP_CLIENTS,
  ...CODEARTIFACT_CLIENTS,
  ...DYNAMODB_CLIENTS,
  ...EC2_CLIENTS,
  ...ECR_CLIENTS,
  ...EFS_CLIENTS,
  ...EKS_CLIENTS,
  ...EVENT_BRIDGE_CLIENTS,
  ...GLUE_CLIENTS,
  ...KAFKA_CLIENTS,
  ...KINESIS_CLIENTS,
  ...LOGS_CLIENTS,
  ...OPEN_SEARCH_CLIENTS,
  ...ORGANIZATIONS_CLIENTS,
  ...RAM_CLIENTS,
  ...RDS_CLIENTS,
  ...ROLES_ANYWHERE_CLIENTS,
  ...S3_TABLES_CLIENTS,
  ...SECRETS_MANAGER_CLIENTS,
  ...SNS_CLIENTS,
  ...SQS_CLIENTS,
  ...SSM_CLIENTS,
  ...SSO_CLIENTS,
  ...VPC_LATTICE_CLIENTS,
];

/** The events of every service that has kinds. */
export const SERVICE_EVENTS: readonly ServiceEvents[] = [
  IAM_EVENTS,
  S3_EVENTS,
  LAMBDA_EVENTS,
  KMS_EVENTS,
  ACM_PCA_EVENTS,
  API_GATEWAY_EVENTS,
  BACKUP_EVENTS,
  CODEARTIFACT_EVENTS,
  DYNAMODB_EVENTS,
  EC2_EVENTS,
  ECR_EVENTS,
  ECR_PUBLIC_EVENTS,
  EFS_EVENTS,
  EKS_EVENTS,
  EVENT_BRIDGE_EVENTS,
  GLUE_EVENTS,
  KAFKA_EVENTS,
  KINESIS_EVENTS,
  LOGS_EVENTS,
  OPEN_SEARCH_EVENTS,
  ORGANIZATIONS_EVENTS,
  RAM_EVENTS,
  RDS_EVENTS,
  ROLES_ANYWHERE_EVENTS,
  S3_TABLES_EVENTS,
  SECRETS_MANAGER_EVENTS,
  SNS_EVENTS,
  SQS_EVENTS,
  SSM_EVENTS,
  SSO_ADMIN_EVENTS,
  VPC_LATTICE_EVENTS,
];
