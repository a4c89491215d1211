/** That the memory of a deployed guard can be read at a desk, and is written by nobody but the guard. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyState } from '../../../shared/guard/state.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { createS3Store } from '../../../shared/store/s3Store.ts';
import { madeFinding } from '../../unit/cli/finding.ts';
import { clientSettings, REGION, startWire, type Wire } from '../../wire/server.ts';
import { builtCommand } from './command.ts';

const { run } = builtCommand();
const STORE = ['--store', 's3://versions'];
const finding = madeFinding();
let wire: Wire;
let env: { readonly [name: string]: string };
beforeAll(async () => {
  wire = await startWire();
  env = {
    AWS_ENDPOINT_URL: wire.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'ALICE',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  const client = new S3Client(clientSettings(wire));
  await client.send(new CreateBucketCommand({ Bucket: 'versions' }));
  const store = createS3Store({ client, bucket: 'versions', codecs: guardCodecs });
  await store.writeState({ ...emptyState(finding.target), openFindings: [finding] }, undefined);
});
afterAll(() => wire.close());

describe('a deployment’s bucket as the store', () => {
  it('is listed like a folder', async () => {
    const { stdout, status } = await run(['findings', ...STORE, '--output', 'json'], { env });

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ id: finding.id, title: finding.title }]);
  });

  it('fills the page', async () => {
    const { stdout } = await run(['report', ...STORE], { env });

    expect(stdout).toContain(finding.id);
  });

  it('says what S3 said where it cannot be read', async () => {
    const { stderr, status } = await run(['findings', '--store', 's3://another'], { env });

    expect(status).toBe(4);
    expect(stderr).toContain('the bucket of the store does not serve');
  });

  it('is named without a folder in it', async () => {
    const { stderr, status } = await run(['findings', '--store', 's3://versions/targets'], { env });

    expect(status).toBe(2);
    expect(stderr).toContain('name the bucket and nothing more');
  });

  it('is written by the deployed guard only', async () => {
    const approval = await run(['approve', finding.id, ...STORE, '--who', 'a', '--why', 'b'], { env });
    const replay = await run(['replay', '.', ...STORE], { env });

    expect([approval.status, replay.status]).toEqual([2, 2]);
    expect(approval.stderr).toContain('name its function with `--function`');
    expect(replay.stderr).toContain('name a folder with `--store`');
  });
});
