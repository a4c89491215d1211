/** A sweep over more targets than a page of their listing holds. */
import { CreateRestApiCommand } from '@aws-sdk/client-api-gateway';
import { CreateImageCommand, CreateSnapshotCommand, CreateVpcEndpointCommand } from '@aws-sdk/client-ec2';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateFunctionCommand, PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import { CreateDBClusterSnapshotCommand, CreateDBSnapshotCommand } from '@aws-sdk/client-rds';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import {
  CreateAccessPointCommand,
  CreateAccessPointForObjectLambdaCommand,
} from '@aws-sdk/client-s3-control';
import { describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../shared/services/index.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { TargetKind } from '../../shared/targets/target.ts';
import { ACCOUNT, createSetting, PLACE } from './setting.ts';

type Making = {
  readonly kinds: readonly TargetKind[];
  /** One more than fill a page. */
  readonly count: number;
  readonly make: (clients: AwsClients, index: number) => Promise<unknown>;
};

const code = { Role: 'r', Code: {}, Runtime: 'nodejs24.x', Handler: 'h' } as const;

const makings: readonly Making[] = [
  {
    kinds: ['bucket-policy', 'bucket-public-access-block', 'bucket-acl'],
    count: 1_001,
    make: ({ s3 }, index) => s3.send(new CreateBucketCommand({ Bucket: `bucket-${index}` })),
  },
  {
    kinds: ['access-point-policy'],
    count: 202,
    make: ({ s3Control }, index) => {
      const point = { AccountId: ACCOUNT, Name: `point-${index}` };
      return index % 2 === 0
        ? s3Control.send(new CreateAccessPointCommand({ ...point, Bucket: 'bucket-0' }))
        : s3Control.send(new CreateAccessPointForObjectLambdaCommand({ ...point, Configuration: undefined }));
    },
  },
  { kinds: ['kms-key'], count: 101, make: ({ kms }) => kms.send(new CreateKeyCommand({})) },
  {
    kinds: ['lambda-function-policy', 'lambda-function-url'],
    count: 51,
    make: ({ lambda }, index) =>
      lambda.send(new CreateFunctionCommand({ FunctionName: `f${index}`, ...code })),
  },
  {
    kinds: ['lambda-layer-version-policy'],
    count: 51,
    make: ({ lambda }, index) =>
      lambda.send(new PublishLayerVersionCommand({ LayerName: `l${index}`, Content: {} })),
  },
  {
    kinds: ['vpc-endpoint-policy'],
    count: 1_001,
    make: ({ ec2 }) => ec2.send(new CreateVpcEndpointCommand({ VpcId: 'vpc-1' })),
  },
  {
    kinds: ['ec2-snapshot-sharing'],
    count: 1_001,
    make: ({ ec2 }) => ec2.send(new CreateSnapshotCommand({ VolumeId: 'vol-1' })),
  },
  {
    kinds: ['ec2-image-sharing'],
    count: 1_001,
    make: ({ ec2 }) => ec2.send(new CreateImageCommand({ InstanceId: 'i-1', Name: 'n' })),
  },
  {
    kinds: ['rds-snapshot-sharing'],
    count: 101,
    make: ({ rds }, index) =>
      rds.send(new CreateDBSnapshotCommand({ DBSnapshotIdentifier: `s${index}`, DBInstanceIdentifier: 'd' })),
  },
  {
    kinds: ['rds-cluster-snapshot-sharing'],
    count: 101,
    make: ({ rds }, index) =>
      rds.send(
        new CreateDBClusterSnapshotCommand({
          DBClusterSnapshotIdentifier: `s${index}`,
          DBClusterIdentifier: 'c',
        }),
      ),
  },
  {
    kinds: ['rest-api-policy'],
    count: 501,
    make: ({ apiGateway }) => apiGateway.send(new CreateRestApiCommand({ name: 'a' })),
  },
];

describe('a listing of more than a page', () => {
  it.each(makings)('of $kinds names everything once, and reads it', async ({ kinds, count, make }) => {
    const { clients } = createSetting();
    for (let index = 0; index < count; index++) await make(clients, index);

    for (const kind of kinds) {
      const found = new Set<string>();
      for await (const target of ADAPTERS[kind].list(clients, PLACE)) found.add(target.arn);

      expect(found.size).toBe(count);
      const [arn = ''] = found;
      expect(await ADAPTERS[kind].read({ kind, arn, ...PLACE }, clients)).toMatchObject({ exists: true });
    }
  });

  it('of buckets names those of its Region alone', async () => {
    const { clients } = createSetting();
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'b' }));
    const found: string[] = [];

    const elsewhere = { ...PLACE, region: 'eu-west-1' };
    for await (const { arn } of ADAPTERS['bucket-policy'].list(clients, elsewhere)) found.push(arn);

    expect(found).toEqual([]);
  });
});

describe('a sweep', () => {
  it('takes what it finds at first sight for accepted, and says nothing of it', async () => {
    const { clients, guard, published } = createSetting();
    for (const { make } of makings) await make(clients, 0);

    const kinds = makings.flatMap((making) => making.kinds);
    const outcome = await guard.sweep({ ...PLACE, kinds });

    expect(outcome).toMatchObject({ examined: kinds.length, findings: 0, faults: [] });
    expect(published).toEqual([]);
  });
});
