import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCommand, root } from './command.ts';

const { folder, run } = builtCommand();
const STORE = ['--store', 'day'];

beforeAll(async () => {
  cpSync(join(root, 'cli', 'sample-trail'), join(folder, 'trail'), { recursive: true });
  const { status } = await run(['replay', 'trail', '--rollback', ...STORE]);
  expect(status).toBe(0);
});

describe('history', () => {
  it('tells the versions of a policy in order, each with what it grants beyond the one before', async () => {
    const { stdout } = await run(['history', 'read-reports', ...STORE, '--output', 'json']);

    expect(JSON.parse(stdout)).toMatchObject({
      target: { kind: 'managed-policy' },
      versions: [
        { kind: 'found', why: 'CreatePolicy', beyond: { kind: 'compared' } },
        {
          kind: 'found',
          why: 'CreatePolicyVersion',
          findings: [{ status: 'ROLLED_BACK' }],
          beyond: {
            kind: 'compared',
            pieces: [{ actions: ['s3:PutObject', 's3:DeleteObject'], witness: { action: 's3:PutObject' } }],
          },
        },
      ],
    });
  });

  it('tells what a limit that went away let pass', async () => {
    const { stdout } = await run([
      'history',
      'developer',
      '--kind',
      'iam-principal',
      ...STORE,
      '--output',
      'json',
    ]);
    const { versions } = JSON.parse(stdout);

    expect(versions).toContainEqual(
      expect.objectContaining({
        why: 'DeleteRolePermissionsBoundary',
        beyond: expect.objectContaining({ pieces: [expect.objectContaining({ actions: ['dynamodb:*'] })] }),
      }),
    );
  });

  it('finds a target by any part of its ARN that only one has', async () => {
    const { status, stdout } = await run(['history', 'policy/read-rep', ...STORE]);

    expect(stdout).toMatch(/^policy `read-reports`\narn:aws:iam::111122223333:policy\/read-reports\n/);
    expect(status).toBe(0);
  });

  it.each([
    ['read-reprots', /^no such target: `read-reprots`; did you mean \S+read-reports \(managed-policy\)/],
    ['developer', /\(iam-principal\), \S+ \(role-trust\); give more of the ARN, or choose with --kind\n$/],
  ])('asks what is meant by `%s`', async (text, question) => {
    const { status, stdout, stderr } = await run(['history', text, ...STORE]);

    expect(stderr).toMatch(question);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('keeps within 80 columns but for words that are longer', async () => {
    const { stdout } = await run(['history', 'example-reports', '--kind', 'bucket-policy', ...STORE]);

    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toContain('who     444455556666');
  });
});
