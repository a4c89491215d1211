/** Made by `npm run generate` of the services’ folders; not to be edited. */

/** What a client is made with. */
export type ClientSettings = {
  readonly region: string;
  readonly maxAttempts: number;
  /** Absent: the function's own. */
  readonly credentials?: () => Promise<{
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  }>;
};

/** What loads and makes the client of a service. */
export const CLIENT_MAKERS = {
  acmPca: async (settings: ClientSettings) =>
    new (await import('./acmpca/acmPcaClient.ts')).AcmPcaClient(settings),
  apiGateway: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-api-gateway')).APIGatewayClient(settings),
  backup: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-backup')).BackupClient(settings),
  codeArtifact: async (settings: ClientSettings) =>
    new (await import('./codeartifact/codeArtifactClient.ts')).CodeArtifactClient(settings),
  dynamodb: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-dynamodb')).DynamoDBClient(settings),
  ec2: async (settings: ClientSettings) => new (await import('@aws-sdk/client-ec2')).EC2Client(settings),
  ecr: async (settings: ClientSettings) => new (await import('@aws-sdk/client-ecr')).ECRClient(settings),
  ecrPublic: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-ecr-public')).ECRPUBLICClient(settings),
  efs: async (settings: ClientSettings) => new (await import('@aws-sdk/client-efs')).EFSClient(settings),
  eks: async (settings: ClientSettings) => new (await import('@aws-sdk/client-eks')).EKSClient(settings),
  eventBridge: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-eventbridge')).EventBridgeClient(settings),
  glue: async (settings: ClientSettings) => new (await import('@aws-sdk/client-glue')).GlueClient(settings),
  iam: async (settings: ClientSettings) => new (await import('@aws-sdk/client-iam')).IAMClient(settings),
  kafka: async (settings: ClientSettings) =>
    new (await import('./kafka/kafkaClient.ts')).KafkaClient(settings),
  kinesis: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-kinesis')).KinesisClient(settings),
  kms: async (settings: ClientSettings) => new (await import('@aws-sdk/client-kms')).KMSClient(settings),
  lambda: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-lambda')).LambdaClient(settings),
  logs: async (settings: ClientSettings) => new (await import('./logs/logsClient.ts')).LogsClient(settings),
  openSearch: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-opensearch')).OpenSearchClient(settings),
  organizations: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-organizations')).OrganizationsClient(settings),
  ram: async (settings: ClientSettings) => new (await import('@aws-sdk/client-ram')).RAMClient(settings),
  rds: async (settings: ClientSettings) => new (await import('@aws-sdk/client-rds')).RDSClient(settings),
  rolesAnywhere: async (settings: ClientSettings) =>
    new (await import('./rolesanywhere/rolesAnywhereClient.ts')).RolesAnywhereClient(settings),
  s3: async (settings: ClientSettings) => new (await import('@aws-sdk/client-s3')).S3Client(settings),
  s3Control: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-s3-control')).S3ControlClient(settings),
  s3Tables: async (settings: ClientSettings) =>
    new (await import('./s3tables/s3TablesClient.ts')).S3TablesClient(settings),
  secretsManager: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-secrets-manager')).SecretsManagerClient(settings),
  sns: async (settings: ClientSettings) => new (await import('@aws-sdk/client-sns')).SNSClient(settings),
  sqs: async (settings: ClientSettings) => new (await import('@aws-sdk/client-sqs')).SQSClient(settings),
  ssm: async (settings: ClientSettings) => new (await import('./ssm/ssmClient.ts')).SsmClient(settings),
  ssoAdmin: async (settings: ClientSettings) =>
    new (await import('@aws-sdk/client-sso-admin')).SSOAdminClient(settings),
  vpcLattice: async (settings: ClientSettings) =>
    new (await import('./vpclattice/vpcLatticeClient.ts')).VpcLatticeClient(settings),
};
