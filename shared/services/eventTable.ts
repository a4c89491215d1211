/**
 * The events the guard judges, a row each, and the policy events it knows of and does not judge, a file a service.
 * Field places: CloudTrail writes API parameters with a small first letter; where real records differ, the row says so.
 * Source: Service Authorization Reference (access level "Permissions management"); CloudTrail User Guide, record contents.
 */

import type { EventRow, ServiceEvents } from '../changes/eventRow.ts';
import { API_GATEWAY_EVENTS } from './apigateway/events.ts';
import { BACKUP_EVENTS } from './backup/events.ts';
import { DYNAMODB_EVENTS } from './dynamodb/events.ts';
import { EC2_EVENTS } from './ec2/events.ts';
import { ECR_EVENTS, ECR_PUBLIC_EVENTS } from './ecr/events.ts';
import { EFS_EVENTS } from './efs/events.ts';
import { EKS_EVENTS } from './eks/events.ts';
import { EVENT_BRIDGE_EVENTS } from './eventbridge/events.ts';
import { GLUE_EVENTS } from './glue/events.ts';
import { IAM_EVENTS } from './iam/events.ts';
import { KINESIS_EVENTS } from './kinesis/events.ts';
import { KMS_EVENTS } from './kms/events.ts';
import { LAMBDA_EVENTS } from './lambda/events.ts';
import { OPEN_SEARCH_EVENTS } from './opensearch/events.ts';
import { ORGANIZATIONS_EVENTS } from './organizations/events.ts';
import { RAM_EVENTS } from './ram/events.ts';
import { RDS_EVENTS } from './rds/events.ts';
import { ROLES_ANYWHERE_EVENTS } from './rolesanywhere/events.ts';
import { S3_EVENTS } from './s3/events.ts';
import { SECRETS_MANAGER_EVENTS } from './secretsmanager/events.ts';
import { SNS_EVENTS } from './sns/events.ts';
import { SQS_EVENTS } from './sqs/events.ts';
import { SSO_ADMIN_EVENTS } from './sso/events.ts';

/** The events of every service. */
export const SERVICE_EVENTS: readonly ServiceEvents[] = [
  IAM_EVENTS,
  S3_EVENTS,
  LAMBDA_EVENTS,
  KMS_EVENTS,
  SQS_EVENTS,
  SNS_EVENTS,
  SECRETS_MANAGER_EVENTS,
  ECR_EVENTS,
  ECR_PUBLIC_EVENTS,
  DYNAMODB_EVENTS,
  EFS_EVENTS,
  OPEN_SEARCH_EVENTS,
  EVENT_BRIDGE_EVENTS,
  KINESIS_EVENTS,
  GLUE_EVENTS,
  {
    source: 'glacier.amazonaws.com',
    rows: [],
    notJudged: ['SetVaultAccessPolicy', 'DeleteVaultAccessPolicy'],
  },
  API_GATEWAY_EVENTS,
  BACKUP_EVENTS,
  EC2_EVENTS,
  RDS_EVENTS,
  RAM_EVENTS,
  EKS_EVENTS,
  ROLES_ANYWHERE_EVENTS,
  ORGANIZATIONS_EVENTS,
  SSO_ADMIN_EVENTS,
  {
    source: 'sso-directory.amazonaws.com',
    rows: [],
    notJudged: ['AddMemberToGroup', 'CreateGroup'],
  },
  {
    source: 'cloudtrail.amazonaws.com',
    rows: [],
    notJudged: ['PutResourcePolicy'],
  },
];

/** Every event the guard judges. An event with several rows touches several targets; the first holds its document. */
export const EVENT_TABLE: readonly EventRow[] = SERVICE_EVENTS.flatMap(({ rows }) => rows);

/** The policy events that are known and not judged, by service. */
export const NOT_JUDGED: readonly { readonly source: string; readonly names: readonly string[] }[] =
  SERVICE_EVENTS.filter(({ notJudged }) => notJudged.length > 0).map(({ source, notJudged }) => ({
    source,
    names: notJudged,
  }));
