import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { startAwsStub } from './awsStub.ts';
import { listen, startFunction } from './lambda.ts';

const ACCOUNT = '111122223333';
const stops: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** The stub of AWS, behind a server that also takes PutEvents and BatchImportFindings. */
async function startFeeds() {
  const aws = await startAwsStub();
  const taken: { readonly service: string; readonly body: unknown }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks);
      const answer = (service: string, value: object) => {
        taken.push({ service, body: JSON.parse(body.toString()) });
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      };
      if (request.headers['x-amz-target'] === 'AWSEvents.PutEvents')
        return answer('event-bus', { FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
      if (request.url === '/findings/import')
        return answer('security-hub', { FailedCount: 0, SuccessCount: 1, FailedFindings: [] });
      const { host: _, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const passed = await fetch(`${aws.endpoint}${request.url}`, {
        method: request.method ?? 'GET',
        headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
        ...(body.length === 0 ? {} : { body }),
      });
      response
        .writeHead(passed.status, Object.fromEntries(passed.headers))
        .end(Buffer.from(await passed.arrayBuffer()));
    });
  });
  const port = await listen(server);
  stops.push(aws.close, () => void server.close());
  return { aws, taken, endpoint: `http://127.0.0.1:${port}` };
}

it('detect, packaged, tells every feed that the stack turned on', async () => {
  const { aws, taken, endpoint } = await startFeeds();
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::444455556666:root' },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::reports/*',
      },
    ],
  };
  aws.bucketPolicies.set('reports', JSON.stringify(policy));
  const fn = await startFunction('detect', {
    RATCHET_BUCKET: 'versions',
    RATCHET_TOPIC_ARN: `arn:aws:sns:us-east-1:${ACCOUNT}:findings`,
    RATCHET_ACCOUNT_ID: ACCOUNT,
    RATCHET_OWN_ACTOR_IDS: 'AROAEXAMPLEGUARD0001',
    RATCHET_OWN_RESOURCES: '',
    RATCHET_ROLLBACK_QUEUE_URL: `${endpoint}/queue`,
    RATCHET_CHAT_FORM: 'chatbot',
    RATCHET_EVENT_BUS: `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/findings`,
    RATCHET_SECURITY_HUB_PRODUCT: `arn:aws:securityhub:us-east-1:${ACCOUNT}:product/${ACCOUNT}/default`,
    RATCHET_OCSF_FEED: 's3://lake/ratchet/',
    AWS_ENDPOINT_URL: endpoint,
  });
  stops.unshift(fn.stop);
  const event = {
    source: 'aws.s3',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAEXAMPLE00001',
        arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
        accountId: ACCOUNT,
      },
      eventTime: '2026-10-05T09:00:00Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'PutBucketPolicy',
      awsRegion: 'us-east-1',
      requestParameters: { bucketName: 'reports', bucketPolicy: policy },
      eventID: '00000000-0000-4000-8000-000000000001',
      recipientAccountId: ACCOUNT,
    },
  };

  const answer = await fn.invoke({
    Records: [{ messageId: 'm', eventSource: 'aws:sqs', body: JSON.stringify(event) }],
  });

  expect(answer).toEqual({ batchItemFailures: [] });
  const message = JSON.parse(aws.published[0]?.message ?? '{}') as { readonly [form: string]: string };
  const { id } = JSON.parse(message['default'] ?? '{}') as { readonly id: string };
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.parse(message['https'] ?? '{}')).toMatchObject({ source: 'custom', id });
  expect(taken).toMatchObject([
    { service: 'event-bus', body: { Entries: [{ Source: 'ratchet', DetailType: 'Ratchet Finding' }] } },
    { service: 'security-hub', body: { Findings: [{ Id: `ratchet/${ACCOUNT}/us-east-1/${id}` }] } },
  ]);
  const [[key, lines] = ['', '']] = [...aws.objects].filter(([name]) => name.startsWith('lake/'));
  expect(key).toContain(`lake/ratchet/region=us-east-1/accountId=${ACCOUNT}/eventDay=`);
  expect(JSON.parse(lines)).toMatchObject({ class_uid: 2004, finding_info: { uid: id } });
});
