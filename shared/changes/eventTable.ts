/**
 * The events the guard judges, a row each, and the policy events it knows of and does not judge, a file a service.
 * Field places: CloudTrail writes API parameters with a small first letter; where real records differ, the row says so.
 * Source: Service Authorization Reference (access level "Permissions management"); CloudTrail User Guide, record contents.
 */
import type { EventRow, ServiceEvents } from './eventRow.ts';
import { API_GATEWAY_EVENTS } from './events/apiGateway.ts';
import { BACKUP_EVENTS } from './events/backup.ts';
import { DYNAMODB_EVENTS } from './events/dynamodb.ts';
import { EC2_EVENTS } from './events/ec2.ts';
import { ECR_EVENTS, ECR_PUBLIC_EVENTS } from './events/ecr.ts';
import { EFS_EVENTS } from './events/efs.ts';
import { EKS_EVENTS } from './events/eks.ts';
import { EVENT_BRIDGE_EVENTS } from './events/eventBridge.ts';
import { GLUE_EVENTS } from './events/glue.ts';
import { IAM_EVENTS } from './events/iam.ts';
import { KINESIS_EVENTS } from './events/kinesis.ts';
import { KMS_EVENTS } from './events/kms.ts';
import { LAMBDA_EVENTS } from './events/lambda.ts';
import { OPEN_SEARCH_EVENTS } from './events/openSearch.ts';
import { ORGANIZATIONS_EVENTS } from './events/organizations.ts';
import { RAM_EVENTS } from './events/ram.ts';
import { RDS_EVENTS } from './events/rds.ts';
import { ROLES_ANYWHERE_EVENTS } from './events/rolesAnywhere.ts';
import { S3_EVENTS } from './events/s3.ts';
import { SECRETS_MANAGER_EVENTS } from './events/secretsManager.ts';
import { SNS_EVENTS } from './events/sns.ts';
import { SQS_EVENTS } from './events/sqs.ts';
import { SSO_ADMIN_EVENTS } from './events/ssoAdmin.ts';

const SERVICES: readonly ServiceEvents[] = [
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

const BY_SOURCE: ReadonlyMap<string, ServiceEvents> = new Map(
  SERVICES.map((service) => [service.source, service]),
);

/** Every event the guard judges. An event with several rows touches several targets; the first holds its document. */
export const EVENT_TABLE: readonly EventRow[] = SERVICES.flatMap(({ rows }) => rows);

/** The policy events that are known and not judged, by service. */
export const NOT_JUDGED: readonly { readonly source: string; readonly names: readonly string[] }[] =
  SERVICES.filter(({ notJudged }) => notJudged.length > 0).map(({ source, notJudged }) => ({
    source,
    names: notJudged,
  }));

/** Returns true iff the pattern (an event's name, or its beginning and `*`) is the event's. */
export function namesEvent(pattern: string, eventName: string): boolean {
  if (!pattern.endsWith('*')) return pattern === eventName;
  const stem = pattern.slice(0, -1);
  // What follows is an API date and perhaps a version, never more of a name: `AddPermission20150331v2`.
  return eventName.startsWith(stem) && /^(\d{8}(v\d+)?)?$/.test(eventName.slice(stem.length));
}

/** Returns the rows of an event, none when it is not judged. */
export function rowsOf(eventSource: string, eventName: string): readonly EventRow[] {
  return (BY_SOURCE.get(eventSource)?.rows ?? []).filter(({ name }) => namesEvent(name, eventName));
}

/** Returns true iff the event is a policy event that is known and not judged. */
export function isNotCovered(eventSource: string, eventName: string): boolean {
  return (BY_SOURCE.get(eventSource)?.notJudged ?? []).some((name) => namesEvent(name, eventName));
}
