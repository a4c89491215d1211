/** The commands of a restore by hand, as they are printed for a target that was changed after its finding. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSetting, text } from '../setting.ts';
import { builtCommand } from './command.ts';

const { folder, run } = builtCommand();
const allow = (account: string, Action: string) => ({
  Effect: 'Allow',
  Principal: { AWS: account },
  Action,
  Resource: 'arn:aws:s3:::b/*',
});
const [GONE, ASKED, LATER] = [
  allow('444455556666', 's3:GetObject'),
  allow('777788889999', 's3:PutObject'),
  allow('222233334444', 's3:DeleteObject'),
];
type Found = { readonly id: string; readonly title: string; readonly status: string };
let found: readonly Found[];
const idOf = (account: string) => found.find(({ title }) => title.includes(account))?.id ?? '';
const written = (name: string) => JSON.parse(readFileSync(join(folder, name, 'document-1.json'), 'utf8'));

beforeAll(async () => {
  const setting = createSetting();
  const { s3 } = setting.clients;
  await s3.send(new CreateBucketCommand({ Bucket: 'b' }));
  for (const statements of [[GONE], [GONE, ASKED], [ASKED, LATER]]) {
    setting.pass(60);
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(...statements) }));
  }
  writeFileSync(join(folder, 'trail.json'), JSON.stringify({ Records: setting.records }));
  await run(['replay', 'trail.json', '--store', 'day']);
  const { stdout } = await run(['findings', '--store', 'day', '--output', 'json']);
  found = JSON.parse(stdout);
});

describe('a restore by hand, after the target was changed again', () => {
  it('brings back nothing that went, and takes away nothing that came', async () => {
    await run(['restore', idOf('777788889999'), '--store', 'day', '--out', 'out']);

    expect(written('out').Statement).toEqual([LATER]);
  });

  it('of the whole version before says that later changes are lost', async () => {
    const { stdout } = await run([
      ...['restore', idOf('777788889999'), '--store', 'day'],
      ...['--out', 'whole', '--previous'],
    ]);

    expect(written('whole').Statement).toEqual([GONE]);
    expect(stdout).toContain('# These write the version before the change; what is live has changed since');
  });

  it('of a closed finding prints no command, and says why', async () => {
    const { status, stdout, stderr } = await run(['restore', idOf('444455556666'), '--store', 'day']);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/the finding is RESOLVED; nothing that the change added is still granted/);
  });

  it('of the whole version before a closed finding says that it is closed', async () => {
    const { stdout } = await run(['restore', idOf('444455556666'), '--store', 'day', '--previous']);

    expect(stdout).toContain('# The finding is closed: RESOLVED.\n');
  });
});
