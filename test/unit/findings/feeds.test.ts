import { readFileSync } from 'node:fs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { BatchImportFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { mockClient } from 'aws-sdk-client-mock';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { inBatches } from '../../../shared/findings/batches.ts';
import {
  bytesOfEntry,
  createEventBusPublisher,
  renderEntry,
} from '../../../shared/findings/eventBusPublisher.ts';
import type { Finding } from '../../../shared/findings/finding.ts';
import { findingSchema } from '../../../shared/findings/findingSchema.ts';
import { createOcsfPublisher } from '../../../shared/findings/ocsfPublisher.ts';
import { renderAsff } from '../../../shared/findings/renderAsff.ts';
import { renderOcsf } from '../../../shared/findings/renderOcsf.ts';
import { resourceType } from '../../../shared/findings/resourceType.ts';
import { createSecurityHubPublisher } from '../../../shared/findings/securityHubPublisher.ts';
import { aFinding, bucket } from './aFinding.ts';

const aws = { region: 'eu-west-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
const hub = {
  productArn: 'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default',
  accountId: '111122223333',
};

/** Returns what a published schema, carried in this folder, has against a value as it goes over the wire. */
function problems(schema: string, value: unknown): string[] {
  const ajv = new Ajv({ allErrors: true });
  formats.default(ajv);
  const text = readFileSync(new URL(`./schemas/${schema}.json`, import.meta.url), 'utf8');
  const validate = ajv.compile(JSON.parse(text) as object);
  validate(JSON.parse(JSON.stringify(value)));
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

const endings = { closedAt: '2026-03-02T00:00:00.000Z', statusWhy: 'it is over', revision: 2 } as const;
const { change: _change, witness: _witness, decidedBy: _decidedBy, ...unproved } = aFinding();

/** Findings of every shape that a renderer can meet. */
const CASES: readonly (readonly [name: string, finding: Finding])[] = [
  ['that is new', aFinding()],
  ['being rolled back', aFinding({ publishedRevision: 1, revision: 2 })],
  ['that was resolved', aFinding({ ...endings, status: 'RESOLVED' })],
  ['that was rolled back', aFinding({ ...endings, status: 'ROLLED_BACK' })],
  [
    'that a person approved',
    aFinding({
      ...endings,
      status: 'APPROVED',
      approval: { who: 'Ada', why: 'planned', at: '2026-03-02T00:00:00.000Z' },
    }),
  ],
  [
    'under an exception',
    aFinding({
      status: 'SUPPRESSED',
      suppression: { owner: 'Ada', reason: 'partner', expires: '2027-01-01T00:00:00.000Z' },
    }),
  ],
  [
    'without an event or a proof',
    { ...unproved, result: 'UNKNOWN', cause: 'the time was up', acceptedHash: '' },
  ],
  [
    'made by a service, of nobody',
    aFinding({
      change: {
        eventId: 'e',
        eventName: 'PutRolePolicy',
        eventSource: 'iam.amazonaws.com',
        eventTime: '2026-03-01T12:00:00Z',
        actorArn: '',
        actorId: '',
        invokedBy: 'cloudformation.amazonaws.com',
        sourceIp: 'cloudformation.amazonaws.com',
      },
    }),
  ],
  [
    'with everything too long',
    aFinding({
      title: '😀'.repeat(2_000),
      message: 'm'.repeat(5_000),
      acceptWith: 'a'.repeat(3_000),
      listName: 'l'.repeat(3_000),
      check: 'access-not-granted',
      target: {
        ...bucket,
        kind: 'iam-principal',
        arn: `arn:aws-iso:iam::111122223333:role/${'r'.repeat(64)}`,
      },
      statements: Array.from({ length: 100 }, (_, statementIndex) => ({
        statementIndex,
        description: 'd'.repeat(500),
        lines: Array.from({ length: 40 }, () => ({ text: '"\\'.repeat(200) })),
      })),
    }),
  ],
];

describe('by the published schemas, a finding', () => {
  it.each(CASES)('%s is a finding of Security Hub', (_name, finding) => {
    expect(problems('asff', renderAsff(finding, hub))).toEqual([]);
  });

  it.each(CASES)('%s is an OCSF Detection Finding', (_name, finding) => {
    expect(problems('ocsfDetectionFinding', renderOcsf(finding))).toEqual([]);
  });

  it.each(CASES)('%s is an entry of PutEvents within its size', (_name, finding) => {
    const entry = renderEntry(finding, 'arn:aws:events:eu-west-1:111122223333:event-bus/findings');

    expect(problems('putEvents', [entry])).toEqual([]);
    expect(bytesOfEntry(entry)).toBeLessThan(262_144);
    expect(v.parse(findingSchema, JSON.parse(entry.Detail ?? '')).id).toBe(finding.id);
  });

  it('with a member that no schema knows would be found out', () => {
    const asff = { ...renderAsff(aFinding(), hub), Colour: 'red' };
    const ocsf = { ...renderOcsf(aFinding()), severity_id: 7 };

    expect(problems('asff', asff)).toHaveLength(1);
    expect(problems('ocsfDetectionFinding', ocsf)).toHaveLength(1);
    expect(problems('putEvents', [{ DetailType: 'x'.repeat(129) }])).toHaveLength(1);
  });
});

describe('renderAsff', () => {
  it('keeps the id for all the life of a finding, and tells where in it it is', () => {
    const life = CASES.map(([, finding]) => renderAsff({ ...finding, target: bucket }, hub));

    expect(new Set(life.map(({ Id }) => Id))).toEqual(
      new Set([`ratchet/111122223333/eu-west-1/${'a'.repeat(32)}`]),
    );
    expect(life.slice(0, 6).map(({ RecordState, Workflow }) => [RecordState, Workflow?.Status])).toEqual([
      ['ACTIVE', 'NEW'],
      ['ACTIVE', 'NEW'],
      ['ARCHIVED', 'RESOLVED'],
      ['ARCHIVED', 'RESOLVED'],
      ['ARCHIVED', 'RESOLVED'],
      ['ARCHIVED', 'SUPPRESSED'],
    ]);
  });

  it('names the importing account, and the owner beside it', () => {
    const finding = aFinding({ target: { ...bucket, accountId: '444455556666' } });

    expect(renderAsff(finding, hub)).toMatchObject({
      AwsAccountId: '111122223333',
      ProductFields: { 'ratchet/accountId': '444455556666' },
      Resources: [{ Type: 'AwsS3Bucket', Id: 'arn:aws:s3:::reports', Region: 'eu-west-1' }],
    });
  });

  it('says what became possible and to whom it is owed', () => {
    expect(renderAsff(aFinding(), hub)).toMatchObject({
      Title: aFinding().title,
      FindingProviderFields: { Confidence: 100, Severity: { Label: 'CRITICAL' } },
      ProductFields: {
        'ratchet/witness': '`s3:GetObject` on `arn:aws:s3:::reports/x`',
        'ratchet/actorArn': 'arn:aws:iam::111122223333:user/Mallory',
      },
    });
  });
});

describe('renderOcsf', () => {
  it('creates a finding once, updates it, and closes it', () => {
    const states = [
      aFinding(),
      aFinding({ revision: 2, publishedTo: { ocsf: 1 } }),
      aFinding({ revision: 2, publishedTo: { sns: 1 } }),
      aFinding({ ...endings, status: 'RESOLVED', publishedRevision: 1 }),
    ];

    expect(states.map(renderOcsf).map(({ activity_name, type_uid }) => [activity_name, type_uid])).toEqual([
      ['Create', 200401],
      ['Update', 200402],
      ['Create', 200401],
      ['Close', 200403],
    ]);
  });

  it('tells who called what from where', () => {
    const finding = aFinding();
    const [evidence] = renderOcsf({
      ...finding,
      ...(finding.change === undefined ? {} : { change: { ...finding.change, sourceIp: '2001:db8::1' } }),
    }).evidences;

    expect(evidence).toMatchObject({
      actor: { user: { uid: 'arn:aws:iam::111122223333:user/Mallory', name: 'Mallory' } },
      api: { operation: 'PutBucketPolicy', service: { name: 's3.amazonaws.com' } },
      src_endpoint: { ip: '2001:db8::1' },
    });
  });
});

describe('resourceType', () => {
  it.each([
    ['iam-principal', 'arn:aws:iam::1:role/x', 'AwsIamRole'],
    ['iam-principal', 'arn:aws:iam::1:group/x', 'AwsIamGroup'],
    ['iam-principal', 'arn:aws:iam::1:root', 'AwsAccount'],
    ['bucket-policy', 'arn:aws:s3:::x', 'AwsS3Bucket'],
    ['account-public-access-block', 'arn:aws:s3::111122223333:public-access-block', 'AwsAccount'],
    ['rest-api-policy', 'arn:aws:apigateway:eu-west-1::/restapis/x', 'AwsApiGatewayRestApi'],
    ['rds-snapshot-sharing', 'arn:aws:rds:eu-west-1:1:snapshot:rds:x', 'AwsRdsDbSnapshot'],
    ['access-point-policy', 'arn:aws:s3:eu-west-1:1:accesspoint/x', 'AwsS3AccessPoint'],
    ['data-catalog-policy', 'arn:aws:glue:eu-west-1:1:catalog', 'Other'],
  ] as const)('of a %s, %s, is %s', (kind, arn, type) => {
    expect(resourceType({ kind, arn, accountId: '1', region: 'eu-west-1' })).toBe(type);
  });
});

describe('inBatches', () => {
  it('keeps the order and both limits, and gives an item that is too large a batch of its own', () => {
    const limits = { maxItems: 3, maxBytes: 10, bytesOf: (bytes: number) => bytes };

    expect(inBatches([1, 1, 1, 1, 9, 2, 11, 1], limits)).toEqual([[1, 1, 1], [1, 9], [2], [11], [1]]);
    expect(inBatches([], limits)).toEqual([]);
  });
});

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => aFinding({ id: index.toString(16).padStart(32, '0') }));

describe('the publisher of an event bus', () => {
  it('puts ten at a time and refuses the entries that failed, and only those', async () => {
    const client = new EventBridgeClient(aws);
    const mock = mockClient(client);
    mock.on(PutEventsCommand).callsFake(({ Entries }: { Entries: { Detail: string }[] }) => ({
      Entries: Entries.map(({ Detail }, index) =>
        Detail.includes('000000b"') ? { ErrorCode: 'ThrottlingException' } : { EventId: `${index}` },
      ),
    }));
    const findings = many(23);

    const refusals = await createEventBusPublisher({ client, busName: 'findings' }).publish(findings);

    expect(mock.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries?.length)).toEqual([
      10, 10, 3,
    ]);
    expect(refusals.map(({ findingId }) => findingId)).toEqual([findings[11]?.id]);
    expect(refusals[0]?.why).toContain('ThrottlingException');
  });

  it('goes on with the next batch when one call fails', async () => {
    const client = new EventBridgeClient(aws);
    const mock = mockClient(client);
    mock
      .on(PutEventsCommand)
      .rejectsOnce(new Error('no route'))
      .resolves({ Entries: [{ EventId: '1' }] });

    const refusals = await createEventBusPublisher({ client, busName: 'findings' }).publish(many(11));

    expect(refusals).toHaveLength(10);
  });
});

describe('the publisher of Security Hub', () => {
  it('imports all at once and refuses what Security Hub names as failed', async () => {
    const client = new SecurityHubClient(aws);
    const mock = mockClient(client);
    const findings = many(101);
    mock.on(BatchImportFindingsCommand).callsFake(({ Findings }: { Findings: { Id: string }[] }) => ({
      FailedCount: 1,
      SuccessCount: Findings.length - 1,
      FailedFindings: Findings.slice(0, 1).map(({ Id }) => ({
        Id,
        ErrorCode: 'InvalidInput',
        ErrorMessage: 'no',
      })),
    }));

    const refusals = await createSecurityHubPublisher({ client, ...hub }).publish(findings);

    expect(
      mock.commandCalls(BatchImportFindingsCommand).map(({ args }) => args[0].input.Findings?.length),
    ).toEqual([100, 1]);
    expect(refusals.map(({ findingId }) => findingId)).toEqual([findings[0]?.id, findings[100]?.id]);
  });
});

describe('the publisher of OCSF', () => {
  function feed() {
    const client = new S3Client(aws);
    const mock = mockClient(client);
    mock.on(PutObjectCommand).resolves({});
    const objects = () =>
      mock.commandCalls(PutObjectCommand).map(({ args }) => ({
        key: args[0].input.Key ?? '',
        body: v.parse(v.string(), args[0].input.Body),
      }));
    return { publisher: createOcsfPublisher({ client, bucket: 'lake', prefix: 'ratchet/' }), mock, objects };
  }

  it('puts one object for each Region, account and day, one event a line', async () => {
    const { publisher, objects } = feed();
    const [one, two] = many(2);
    const elsewhere = aFinding({ target: { ...bucket, region: 'us-east-1' } });

    expect(await publisher.publish([one ?? aFinding(), elsewhere, two ?? aFinding()])).toEqual([]);

    expect(objects().map(({ key }) => key.replace(/[0-9a-f]{32}/, 'HASH'))).toEqual([
      'ratchet/region=eu-west-1/accountId=111122223333/eventDay=20260301/HASH.jsonl',
      'ratchet/region=us-east-1/accountId=111122223333/eventDay=20260301/HASH.jsonl',
    ]);
    const lines = objects()[0]?.body.trimEnd().split('\n') ?? [];
    expect(lines.map((line) => problems('ocsfDetectionFinding', JSON.parse(line)))).toEqual([[], []]);
  });

  it('puts a repeat where it was, and a later state beside it', async () => {
    const { publisher, objects } = feed();

    await publisher.publish([aFinding()]);
    await publisher.publish([aFinding()]);
    await publisher.publish([aFinding({ revision: 2 })]);

    expect(new Set(objects().map(({ key }) => key)).size).toBe(2);
  });

  it('refuses the findings of an object that could not be put', async () => {
    const { publisher, mock } = feed();
    mock.on(PutObjectCommand).rejects(new Error('no such bucket'));

    expect(await publisher.publish([aFinding()])).toMatchObject([{ findingId: aFinding().id }]);
  });
});
