/** What clients by shapes of our own send: where to, signed for which service, in which shape. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  AcmPcaClient,
  GetPolicyCommand,
  PutPolicyCommand,
} from '../../../shared/services/acmpca/acmPcaClient.ts';
import {
  CodeArtifactClient,
  GetDomainPermissionsPolicyCommand,
  PutRepositoryPermissionsPolicyCommand,
} from '../../../shared/services/codeartifact/codeArtifactClient.ts';
import { GetClusterPolicyCommand, KafkaClient } from '../../../shared/services/kafka/kafkaClient.ts';
import { DescribeResourcePoliciesCommand, LogsClient } from '../../../shared/services/logs/logsClient.ts';
import {
  PutTableBucketPolicyCommand,
  S3TablesClient,
} from '../../../shared/services/s3tables/s3TablesClient.ts';
import { ModifyDocumentPermissionCommand, SsmClient } from '../../../shared/services/ssm/ssmClient.ts';
import {
  ListServicesCommand,
  VpcLatticeClient,
} from '../../../shared/services/vpclattice/vpcLatticeClient.ts';

type Sent = {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query: object;
  readonly headers: { readonly [name: string]: string };
  readonly body?: Uint8Array | string;
};

type AnyClient = new (settings: never) => { send(command: never): Promise<unknown> };

/** Returns what the client sends for a command, and what it makes of the answer. */
async function sending(Client: unknown, command: unknown, body: object = {}, status = 200) {
  const sent: Sent[] = [];
  const requestHandler = {
    async handle(request: Sent) {
      sent.push(request);
      return { response: { statusCode: status, headers: {}, body: Readable.from([JSON.stringify(body)]) } };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const credentials = { accessKeyId: 'A', secretAccessKey: 'x' };
  const settings = { region: 'eu-west-1', credentials, maxAttempts: 1, requestHandler };
  const client = new (Client as AnyClient)(settings as never); // Each takes what every client of the SDK takes.
  const output = await client.send(command as never);
  return { sent: sent[0], output };
}

describe('a client by shapes of our own', () => {
  it('of JSON 1.1 names its operation in a header and is signed for its service', async () => {
    const { sent, output } = await sending(AcmPcaClient, new GetPolicyCommand({ ResourceArn: 'arn' }), {
      Policy: '{}',
    });

    expect(sent).toMatchObject({ method: 'POST', hostname: 'acm-pca.eu-west-1.amazonaws.com', path: '/' });
    expect(sent?.headers['x-amz-target']).toBe('ACMPrivateCA.GetPolicy');
    expect(sent?.headers['authorization']).toContain('/eu-west-1/acm-pca/aws4_request');
    expect(output).toMatchObject({ Policy: '{}' });
  });

  it.each([
    ['acm-pca', AcmPcaClient, new PutPolicyCommand({ ResourceArn: 'arn', Policy: '{}' })],
    ['logs', LogsClient, new DescribeResourcePoliciesCommand({})],
    ['codeartifact', CodeArtifactClient, new GetDomainPermissionsPolicyCommand({ domain: 'd' })],
    [
      's3tables',
      S3TablesClient,
      new PutTableBucketPolicyCommand({ tableBucketARN: 'a', resourcePolicy: '{}' }),
    ],
    ['kafka', KafkaClient, new GetClusterPolicyCommand({ ClusterArn: 'a' })],
    ['vpc-lattice', VpcLatticeClient, new ListServicesCommand({ nextToken: 'n' })],
    ['ssm', SsmClient, new ModifyDocumentPermissionCommand({ Name: 'd', PermissionType: 'Share' })],
  ])('of %s asks its own service', async (scope, Client, command) => {
    const { sent } = await sending(Client, command);

    expect(sent?.hostname).toBe(`${scope}.eu-west-1.amazonaws.com`);
    expect(sent?.headers['authorization']).toContain(`/eu-west-1/${scope}/aws4_request`);
  });

  it('of REST puts members into path, query and body, and reads the answer', async () => {
    const { sent } = await sending(
      CodeArtifactClient,
      new PutRepositoryPermissionsPolicyCommand({ domain: 'd', repository: 'r', policyDocument: '{}' }),
    );
    const kafka = await sending(KafkaClient, new GetClusterPolicyCommand({ ClusterArn: 'arn:a/b' }), {
      policy: '{}',
      currentVersion: 'K1',
    });

    expect(sent).toMatchObject({
      method: 'PUT',
      path: '/v1/repository/permissions/policy',
      query: { domain: 'd', repository: 'r' },
    });
    expect(JSON.parse(Buffer.from(sent?.body ?? '').toString())).toEqual({ policyDocument: '{}' });
    expect(kafka.sent?.path).toBe('/v1/clusters/arn%3Aa%2Fb/policy');
    expect(kafka.output).toMatchObject({ Policy: '{}', CurrentVersion: 'K1' });
  });

  it('tells an error by its name', async () => {
    const asked = sending(
      AcmPcaClient,
      new GetPolicyCommand({ ResourceArn: 'arn' }),
      { __type: 'com.amazonaws.acmpca#ResourceNotFoundException', message: 'no' },
      400,
    );

    await expect(asked).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
