import { afterEach, describe, expect, it } from 'vitest';
import { type AwsStub, startAwsStub } from './awsStub.ts';
import { type LambdaFunction, startFunction } from './lambda.ts';

const ACCOUNT = '111122223333';
const stops: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

type Setting = {
  readonly environment?: { readonly [name: string]: string };
  readonly files?: { readonly [name: string]: string };
  /** Absent: an account of its own. */
  readonly account?: AwsStub;
};

async function start(
  name: string,
  { environment = {}, files = {}, account }: Setting = {},
): Promise<{ readonly aws: AwsStub; readonly fn: LambdaFunction }> {
  const aws = account ?? (await startAwsStub());
  const variables = {
    RATCHET_BUCKET: 'versions',
    RATCHET_TOPIC_ARN: `arn:aws:sns:us-east-1:${ACCOUNT}:findings`,
    RATCHET_ACCOUNT_ID: ACCOUNT,
    RATCHET_OWN_ACTOR_IDS: 'AROAEXAMPLEGUARD0001',
    RATCHET_OWN_RESOURCES: 'arn:aws:s3:::versions,arn:aws:iam::111122223333:role/ratchet/*',
    RATCHET_ROLLBACK_QUEUE_URL: `${aws.endpoint}/queue`,
    AWS_ENDPOINT_URL: aws.endpoint,
    ...environment,
  };
  const fn = await startFunction(name, variables, files);
  stops.push(fn.stop);
  if (account === undefined) stops.push(aws.close);
  return { aws, fn };
}

const openPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::444455556666:root' },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::reports/*',
    },
  ],
});

/** An SQS batch of EventBridge events, as Lambda hands it over. */
const batchOf = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    eventSource: 'aws:sqs',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })),
});

const putBucketPolicy = {
  version: '0',
  source: 'aws.s3',
  'detail-type': 'AWS API Call via CloudTrail',
  detail: {
    eventVersion: '1.11',
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
    requestParameters: { bucketName: 'reports', bucketPolicy: JSON.parse(openPolicy) as object },
    responseElements: null,
    eventID: '00000000-0000-4000-8000-000000000001',
    recipientAccountId: ACCOUNT,
  },
};

describe('detect, packaged', () => {
  it('judges an event from an empty folder, remembers and publishes the finding', async () => {
    const { aws, fn } = await start('detect');
    aws.bucketPolicies.set('reports', openPolicy);

    const answer = await fn.invoke(batchOf(putBucketPolicy));

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(aws.published.map(({ subject }) => subject)).toEqual([expect.stringContaining('reports')]);
    expect(JSON.parse(JSON.parse(aws.published[0]?.message ?? '').default)).toMatchObject({
      result: 'FAIL',
      status: 'ACTIVE',
      witness: { principal: { value: expect.stringContaining('444455556666') } },
    });
    expect([...aws.objects.keys()].some((key) => key.startsWith('versions/targets/'))).toBe(true);
  });

  it('says nothing twice: a warm function that gets the same event again', async () => {
    const { aws, fn } = await start('detect');
    aws.bucketPolicies.set('reports', openPolicy);
    await fn.invoke(batchOf(putBucketPolicy));

    await fn.invoke(batchOf(putBucketPolicy));

    expect(aws.published).toHaveLength(1);
  });

  it('finds the same with Z3 alone, from the two files beside the bundle', async () => {
    const { aws, fn } = await start('detect', { environment: { RATCHET_SOLVER: 'z3' } });
    aws.bucketPolicies.set('reports', openPolicy);

    await fn.invoke(batchOf(putBucketPolicy));

    expect(JSON.parse(JSON.parse(aws.published[0]?.message ?? '').default)).toMatchObject({
      result: 'FAIL',
      decidedBy: 'z3',
    });
  });

  it('names the failed message alone, and does not retry what can never be read', async () => {
    const { fn } = await start('detect');
    const elsewhere = {
      ...putBucketPolicy,
      detail: { ...putBucketPolicy.detail, recipientAccountId: '999900001111' },
    };

    const answer = await fn.invoke(
      batchOf('no json', elsewhere, {
        detail: { eventName: 'DescribeInstances', eventSource: 'ec2.amazonaws.com' },
      }),
    );

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  });

  it('fails its start with the names of missing variables', async () => {
    const { fn } = await start('detect', { environment: { RATCHET_BUCKET: '', RATCHET_ACCOUNT_ID: 'x' } });

    await expect(fn.invoke(batchOf())).rejects.toThrow('RATCHET_BUCKET, RATCHET_ACCOUNT_ID');
  });
});

describe('rollback, packaged', () => {
  it('writes nothing for a finding that it does not know', async () => {
    const { aws, fn } = await start('rollback');
    const target = {
      kind: 'bucket-policy',
      arn: 'arn:aws:s3:::reports',
      accountId: ACCOUNT,
      region: 'us-east-1',
    };
    aws.bucketPolicies.set('reports', openPolicy);

    const answer = await fn.invoke(
      batchOf({ target, findingId: 'f', offendingHash: 'a', acceptedHash: 'b' }),
    );

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(aws.bucketPolicies.get('reports')).toBe(openPolicy);
  });
});

describe('detect and rollback, packaged, in one account', () => {
  /** Puts the policy on the bucket and returns the event of it. */
  const put = ({ bucketPolicies }: AwsStub, policy: string, bucketName = 'reports') => {
    bucketPolicies.set(bucketName, policy);
    return eventOf(policy, bucketName);
  };
  let count = 1;
  const eventOf = (policy: string, bucketName = 'reports') => ({
    ...putBucketPolicy,
    detail: {
      ...putBucketPolicy.detail,
      eventID: `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
      requestParameters: { bucketName, bucketPolicy: JSON.parse(policy) as object },
    },
  });
  const files = {
    'ratchet.config.jsonc': JSON.stringify({ targets: [{ match: 'arn:aws:s3:::*', mode: 'rollback' }] }),
  };
  const narrowPolicy = openPolicy.replace('444455556666', ACCOUNT);

  it('put the accepted policy back, once, and tell it', async () => {
    const { aws, fn: detect } = await start('detect', { files });
    const { fn: rollback } = await start('rollback', { files, account: aws });
    await detect.invoke(batchOf(put(aws, narrowPolicy)));
    expect(aws.published).toEqual([]);

    expect(await detect.invoke(batchOf(put(aws, openPolicy)))).toEqual({ batchItemFailures: [] });
    expect(aws.sent).toHaveLength(1);
    const requests = batchOf(...aws.sent);
    expect(await rollback.invoke(requests)).toEqual({ batchItemFailures: [] });

    expect(aws.bucketPolicies.get('reports')).toBe(narrowPolicy);
    const statuses = aws.published.map(({ message }) => JSON.parse(JSON.parse(message).default).status);
    expect(statuses[0]).toBe('ACTIVE');
    expect(statuses.at(-1)).toBe('ROLLED_BACK');

    // Queues deliver at least once, and the rollback's own call comes back as an event.
    const told = aws.published.length;
    expect(await rollback.invoke(requests)).toEqual({ batchItemFailures: [] });
    expect(await detect.invoke(batchOf(eventOf(narrowPolicy)))).toEqual({ batchItemFailures: [] });
    expect(aws.bucketPolicies.get('reports')).toBe(narrowPolicy);
    expect(aws.published).toHaveLength(told);
    expect(aws.sent).toHaveLength(1);
  });

  it('leave alone what the default configuration only observes', async () => {
    const { aws, fn } = await start('detect', { files: { 'ratchet.config.jsonc': '{}' } });
    await fn.invoke(batchOf(put(aws, narrowPolicy)));

    await fn.invoke(batchOf(put(aws, openPolicy)));

    expect(aws.published.length).toBeGreaterThan(0);
    expect(aws.sent).toEqual([]);
  });

  it('tell a change of what the guard stands on as the gravest, and leave it alone', async () => {
    const { aws, fn } = await start('detect', { files });
    await fn.invoke(batchOf(put(aws, narrowPolicy.replace('reports', 'versions'), 'versions')));

    await fn.invoke(batchOf(put(aws, openPolicy.replace('reports', 'versions'), 'versions')));

    const told = aws.published.map(({ message }) => JSON.parse(JSON.parse(message).default) as unknown);
    expect(told.slice(-2)).toMatchObject([
      { severity: 'CRITICAL', status: 'ACTIVE', action: { kind: 'declined' } },
      { severity: 'CRITICAL', status: 'ACTIVE', check: 'guard-touched' },
    ]);
    expect(aws.sent).toEqual([]);
  });

  it('fail their start at a configuration that says what they do not know', async () => {
    const { fn } = await start('detect', { files: { 'ratchet.config.jsonc': '{ "target": [] }' } });

    await expect(fn.invoke(batchOf())).rejects.toThrow('ratchet.config.jsonc');
  });
});
