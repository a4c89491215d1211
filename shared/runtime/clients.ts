/**
 * AWS clients, one set an account and Region. A client's code is loaded, and the client made, when it is first used:
 * a start pays for nothing else. Endpoints and credentials are the SDK's matter.
 */
import { partitionOf } from '../targets/arn.ts';
import type { AwsClients, ClientsFor } from '../targets/target.ts';
import type { Credentials, MemberRole } from './assumedRole.ts';

/** Tries of one call, the first included: throttling is answered by waiting, as the SDK's standard mode does. */
const MAX_ATTEMPTS = 5;

type Settings = {
  readonly region: string;
  readonly maxAttempts: number;
  /** Absent: the function's own. */
  readonly credentials?: () => Promise<Credentials>;
};

type Sender = { send(command: never, options: never): Promise<unknown> };

const MAKERS: {
  readonly [service in keyof AwsClients]: (settings: Settings) => Promise<AwsClients[service]>;
} = {
  apiGateway: async (settings) =>
    new (await import('@aws-sdk/client-api-gateway')).APIGatewayClient(settings),
  backup: async (settings) => new (await import('@aws-sdk/client-backup')).BackupClient(settings),
  dynamodb: async (settings) => new (await import('@aws-sdk/client-dynamodb')).DynamoDBClient(settings),
  ec2: async (settings) => new (await import('@aws-sdk/client-ec2')).EC2Client(settings),
  ecr: async (settings) => new (await import('@aws-sdk/client-ecr')).ECRClient(settings),
  ecrPublic: async (settings) => new (await import('@aws-sdk/client-ecr-public')).ECRPUBLICClient(settings),
  efs: async (settings) => new (await import('@aws-sdk/client-efs')).EFSClient(settings),
  eks: async (settings) => new (await import('@aws-sdk/client-eks')).EKSClient(settings),
  eventBridge: async (settings) =>
    new (await import('@aws-sdk/client-eventbridge')).EventBridgeClient(settings),
  glue: async (settings) => new (await import('@aws-sdk/client-glue')).GlueClient(settings),
  iam: async (settings) => new (await import('@aws-sdk/client-iam')).IAMClient(settings),
  kinesis: async (settings) => new (await import('@aws-sdk/client-kinesis')).KinesisClient(settings),
  kms: async (settings) => new (await import('@aws-sdk/client-kms')).KMSClient(settings),
  lambda: async (settings) => new (await import('@aws-sdk/client-lambda')).LambdaClient(settings),
  openSearch: async (settings) => new (await import('@aws-sdk/client-opensearch')).OpenSearchClient(settings),
  organizations: async (settings) =>
    new (await import('@aws-sdk/client-organizations')).OrganizationsClient(settings),
  ram: async (settings) => new (await import('@aws-sdk/client-ram')).RAMClient(settings),
  rds: async (settings) => new (await import('@aws-sdk/client-rds')).RDSClient(settings),
  rolesAnywhere: async (settings) =>
    new (await import('../services/rolesanywhere/rolesAnywhereClient.ts')).RolesAnywhereClient(settings),
  s3: async (settings) => new (await import('@aws-sdk/client-s3')).S3Client(settings),
  s3Control: async (settings) => new (await import('@aws-sdk/client-s3-control')).S3ControlClient(settings),
  secretsManager: async (settings) =>
    new (await import('@aws-sdk/client-secrets-manager')).SecretsManagerClient(settings),
  sns: async (settings) => new (await import('@aws-sdk/client-sns')).SNSClient(settings),
  sqs: async (settings) => new (await import('@aws-sdk/client-sqs')).SQSClient(settings),
  ssoAdmin: async (settings) => new (await import('@aws-sdk/client-sso-admin')).SSOAdminClient(settings),
};

/** There are no credentials for the account. */
export class WrongAccount extends Error {
  override readonly name = 'WrongAccount';
  readonly code = 'WRONG_ACCOUNT';
}

export type ClientsOptions = {
  /** Absent: every place is taken for the own account. */
  readonly ownAccountId?: string;
  /** What is taken on in every other account. Absent: other accounts throw `WrongAccount`. */
  readonly memberRole?: MemberRole;
};

/**
 * Returns the clients of a place, kept per account and Region. Reading an ARN of another account with the wrong
 * credentials would show something else, so such a place needs the member role or throws `WrongAccount`.
 */
export function createClientsFor({ ownAccountId, memberRole }: ClientsOptions = {}): ClientsFor {
  const byPlace = new Map<string, AwsClients>();
  const byAccount = new Map<string, () => Promise<Credentials>>();
  const credentialsOf = (accountId: string, region: string, role: MemberRole) => {
    const known = byAccount.get(accountId);
    if (known !== undefined) return known;
    const roleArn = `arn:${partitionOf(region)}:iam::${accountId}:role/${role.name}`;
    let source: Promise<() => Promise<Credentials>> | undefined;
    const made = async () => {
      source ??= import('./assumedRole.ts').then(({ assumedRole }) => assumedRole(roleArn, role));
      return (await source)();
    };
    byAccount.set(accountId, made);
    return made;
  };
  return ({ accountId, region }) => {
    const isOwn = ownAccountId === undefined || accountId === ownAccountId;
    if (!isOwn && memberRole === undefined) {
      throw new WrongAccount(
        `no credentials for account \`${accountId}\`: this guard works in \`${ownAccountId}\``,
      );
    }
    const place = isOwn ? region : `${accountId} ${region}`;
    let clients = byPlace.get(place);
    if (clients === undefined) {
      clients = createClients({
        region,
        maxAttempts: MAX_ATTEMPTS,
        ...(isOwn || memberRole === undefined
          ? {}
          : { credentials: credentialsOf(accountId, region, memberRole) }),
      });
      byPlace.set(place, clients);
    }
    return clients;
  };
}

function createClients(settings: Settings): AwsClients {
  const clients = Object.entries(MAKERS).map(([service, make]) => {
    let made: Promise<Sender> | undefined;
    const send = async (command: never, options: never): Promise<unknown> => {
      made ??= make(settings) as Promise<Sender>; // What it is given, its own service's commands, is what it takes.
      return (await made).send(command, options);
    };
    return [service, { send }];
  });
  return Object.fromEntries(clients) as AwsClients; // `MAKERS` has every service; `send` hands on what it is given.
}
