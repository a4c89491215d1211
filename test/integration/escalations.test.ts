/** Who may become more privileged, where that depends on what the guard knows of other roles. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../shared/findings/finding.ts';
import {
  allowing,
  createRole,
  type IamCall,
  putRolePolicy,
  trailOf,
  trusting,
} from '../vectors/escalationTrail.ts';
import { builtCommand } from './cli/command.ts';

const { run } = builtCommand();
const folder = mkdtempSync(join(tmpdir(), 'ratchet-escalations-'));

async function lastOf(calls: readonly IamCall[]): Promise<Finding | undefined> {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, trailOf(calls));
  const { stdout } = await run(['replay', file, '--output', 'json']);
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
  return findings.at(-1);
}

const root = { AWS: 'arn:aws:iam::111122223333:root' };
const ops = { AWS: 'arn:aws:iam::111122223333:role/ops' };
const dev = { AWS: 'arn:aws:iam::111122223333:role/dev' };
const everything = allowing({ Action: '*' });
const assumes = (Resource: string) => putRolePolicy('dev', allowing({ Action: 'sts:AssumeRole', Resource }));

/** An administrator that trusts somebody, and a role that may then assume it. */
const calls = (trust: string, Resource = 'arn:aws:iam::111122223333:role/admin') => [
  createRole('admin', trust),
  putRolePolicy('admin', everything),
  createRole('dev', trusting({ Service: 'lambda.amazonaws.com' })),
  assumes(Resource),
];

describe('a role that may assume an administrator', () => {
  it.each([
    ['the account', trusting(root)],
    ['the role itself', trusting(dev)],
    [
      'everybody of one team, by a tag',
      trusting({ AWS: '*' }, { StringEquals: { 'aws:PrincipalTag/team': 'a' } }),
    ],
    ['whoever has a second factor', trusting(root, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })],
  ])('which trusts %s can become an administrator', async (_, trust) => {
    expect(await lastOf(calls(trust))).toMatchObject({
      severity: 'CRITICAL',
      title: 'role `dev` can become an administrator: it may assume role `admin`',
    });
  });

  it.each([
    ['another role', trusting(ops)],
    ['another account', trusting({ AWS: 'arn:aws:iam::444455556666:root' })],
    ['a service', trusting({ Service: 'ec2.amazonaws.com' })],
    [
      'roles of another path only',
      trusting(root, { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ops/*' } }),
    ],
  ])('which trusts %s cannot', async (_, trust) => {
    expect((await lastOf(calls(trust)))?.title).not.toMatch(/can become/);
  });

  it('and any other role says that it takes the trust of those', async () => {
    expect(await lastOf(calls(trusting(ops), '*'))).toMatchObject({
      severity: 'HIGH',
      title: 'role `dev` can become a more privileged principal: it may assume roles, if one lets it in',
    });
  });

  it('of another account, of which nothing is known, says that it takes its trust', async () => {
    const other = 'arn:aws:iam::444455556666:role/admin';

    expect((await lastOf(calls(trusting(ops), other)))?.title).toBe(
      `role \`dev\` can become a more privileged principal: it may assume roles (\`${other}\`), if that role lets it in`,
    );
  });

  it('is found when the administrator comes to trust it', async () => {
    const opened: IamCall = ['UpdateAssumeRolePolicy', { roleName: 'admin', policyDocument: trusting(root) }];

    expect(await lastOf([...calls(trusting(ops)), opened])).toMatchObject({
      severity: 'HIGH',
      target: { arn: 'arn:aws:iam::111122223333:role/admin' },
    });
  });
});
