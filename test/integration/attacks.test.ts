/** What an intruder who knows the guard does, and what must stand in the end, whichever way the events come. */

import * as I from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, ADMINISTRATOR, createSetting, type Setting, text } from './setting.ts';

const allow = (Action: string | string[], Resource = '*') => ({ Effect: 'Allow', Action, Resource });
const READ = allow('s3:GetObject', 'arn:aws:s3:::reports/*');
const SEND = allow('sqs:SendMessage', `arn:aws:sqs:us-east-1:${ACCOUNT}:q`);
const ALL = allow('*');
const EC2 = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
const arn = (name: string) => `arn:aws:iam::${ACCOUNT}:policy/${name}`;
const role = (name: string) =>
  new I.CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: text(EC2) });
type Statement = { readonly [element: string]: unknown };
const inline = (PolicyName: string, ...statements: readonly Statement[]) =>
  new I.PutRolePolicyCommand({ RoleName: 'app', PolicyName, PolicyDocument: text(...statements) });
const policy = (PolicyName: string, ...statements: readonly Statement[]) =>
  new I.CreatePolicyCommand({ PolicyName, PolicyDocument: text(...statements) });
const attach = (name: string) => new I.AttachRolePolicyCommand({ RoleName: 'app', PolicyArn: arn(name) });
const detach = (name: string) => new I.DetachRolePolicyCommand({ RoleName: 'app', PolicyArn: arn(name) });
type Iam = AwsClients['iam'];
const inlines = async ({ clients: { iam } }: Setting) => {
  const { PolicyNames = [] } = await iam.send(new I.ListRolePoliciesCommand({ RoleName: 'app' }));
  const out: { [name: string]: unknown } = {};
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = '' } = await iam.send(
      new I.GetRolePolicyCommand({ RoleName: 'app', PolicyName }),
    );
    out[PolicyName] = JSON.parse(decodeURIComponent(PolicyDocument)).Statement;
  }
  return out;
};
const attached = async ({ clients: { iam } }: Setting) =>
  ((await iam.send(new I.ListAttachedRolePoliciesCommand({ RoleName: 'app' }))).AttachedPolicies ?? [])
    .map(({ PolicyName }) => PolicyName)
    .sort();
const boundary = async ({ clients: { iam } }: Setting) =>
  (await iam.send(new I.GetRoleCommand({ RoleName: 'app' }))).Role?.PermissionsBoundary
    ?.PermissionsBoundaryArn;
const versionText = async ({ clients: { iam } }: Setting, name: string) => {
  const { Policy } = await iam.send(new I.GetPolicyCommand({ PolicyArn: arn(name) }));
  const { PolicyVersion } = await iam.send(
    new I.GetPolicyVersionCommand({ PolicyArn: arn(name), VersionId: Policy?.DefaultVersionId ?? '' }),
  );
  return JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '{}')).Statement;
};
const open = (s: Setting) => [...s.told().values()].filter((f) => f.status === 'ACTIVE' && f.step);
async function start(act: (iam: Iam, c: AwsClients) => Promise<unknown>): Promise<Setting> {
  const setting = createSetting();
  await setting.later(async () => {
    await setting.pipeline.iam.send(role('app'));
    await act(setting.pipeline.iam, setting.pipeline);
  });
  await setting.later(async () => undefined);
  return setting;
}
/** The calls, seconds apart; their events, in order or reversed; then what was waited for. */
async function go(s: Setting, acts: (() => Promise<unknown>)[], reverse = false) {
  for (const act of acts) {
    await act();
    s.pass(0.05);
  }
  if (reverse) s.records.reverse();
  await s.settle();
  for (let i = 0; i < 2; i++) {
    s.pass(16);
    for (const r of await s.guard.wake()) await s.guard.rollback(r);
    await s.settle();
  }
}
describe.each([
  ['in order', false],
  ['reversed', true],
])('with the events %s,', (_, reverse) => {
  it('dormant inline under a Deny that a pipeline detaches goes', async () => {
    const s = await start(async (iam) => {
      await iam.send(policy('deny', { Effect: 'Deny', Action: '*', Resource: '*' }));
      await iam.send(attach('deny'));
      await iam.send(inline('own', READ));
    });
    await go(
      s,
      [() => s.clients.iam.send(inline('b', ALL)), () => s.pipeline.iam.send(detach('deny'))],
      reverse,
    );
    expect(await inlines(s)).toEqual({ own: [READ] });
  });
  it('dormant inline under a Deny that she detaches herself goes', async () => {
    const s = await start(async (iam) => {
      await iam.send(policy('deny', { Effect: 'Deny', Action: 'iam:*', Resource: '*' }));
      await iam.send(attach('deny'));
      await iam.send(inline('own', READ));
    });
    await go(
      s,
      [() => s.clients.iam.send(inline('b', ALL)), () => s.clients.iam.send(detach('deny'))],
      reverse,
    );
    expect(Object.keys(await inlines(s))).toEqual(['own']);
  });
  it('boundary deleted comes back', async () => {
    const s = await start(async (iam) => {
      await iam.send(policy('lim', allow('s3:*')));
      await iam.send(inline('own', READ, allow('iam:*')));
      await iam.send(
        new I.PutRolePermissionsBoundaryCommand({ RoleName: 'app', PermissionsBoundary: arn('lim') }),
      );
    });
    await go(
      s,
      [() => s.clients.iam.send(new I.DeleteRolePermissionsBoundaryCommand({ RoleName: 'app' }))],
      reverse,
    );
    expect(await boundary(s)).toBe(arn('lim'));
  });
  it('boundary swapped for a wider one comes back', async () => {
    const s = await start(async (iam) => {
      await iam.send(policy('lim', allow('s3:*')));
      await iam.send(policy('wide', ALL));
      await iam.send(inline('own', READ, allow('iam:*')));
      await iam.send(
        new I.PutRolePermissionsBoundaryCommand({ RoleName: 'app', PermissionsBoundary: arn('lim') }),
      );
    });
    await go(
      s,
      [
        () =>
          s.clients.iam.send(
            new I.PutRolePermissionsBoundaryCommand({ RoleName: 'app', PermissionsBoundary: arn('wide') }),
          ),
      ],
      reverse,
    );
    expect(await boundary(s)).toBe(arn('lim'));
  });
  it('a boundary’s text widened is restored at the policy', async () => {
    const s = await start(async (iam) => {
      await iam.send(policy('lim', allow('s3:*')));
      await iam.send(inline('own', READ, allow('iam:*')));
      await iam.send(
        new I.PutRolePermissionsBoundaryCommand({ RoleName: 'app', PermissionsBoundary: arn('lim') }),
      );
    });
    await go(
      s,
      [
        () =>
          s.clients.iam.send(
            new I.CreatePolicyVersionCommand({
              PolicyArn: arn('lim'),
              PolicyDocument: text(ALL),
              SetAsDefault: true,
            }),
          ),
      ],
      reverse,
    );
    expect(await versionText(s, 'lim')).toEqual([allow('s3:*')]);
  });
  it('two adds and a detach by a responder: only what was added goes', async () => {
    const s = await start(async (iam) => {
      await iam.send(policy('leak', allow('iam:PassRole')));
      await iam.send(attach('leak'));
      await iam.send(inline('own', READ));
    });
    await go(
      s,
      [
        () => s.clients.iam.send(inline('x', allow('iam:CreateUser'))),
        () => s.clients.iam.send(detach('leak')),
        () => s.clients.iam.send(inline('own', READ, allow('iam:*'))),
      ],
      reverse,
    );
    expect([await inlines(s), await attached(s)]).toEqual([{ own: [READ] }, []]);
  });
  it('a statement that moves from one policy to another stays', async () => {
    const s = await start(async (iam) => {
      await iam.send(inline('a', READ));
      await iam.send(inline('keep', SEND));
    });
    await go(
      s,
      [
        () => s.clients.iam.send(inline('b', READ)),
        () => s.clients.iam.send(new I.DeleteRolePolicyCommand({ RoleName: 'app', PolicyName: 'a' })),
      ],
      reverse,
    );
    expect(await inlines(s)).toEqual({ b: [READ], keep: [SEND] });
    expect(open(s)).toEqual([]);
  });
  it('remade role with more is CRITICAL and its administrator goes', async () => {
    const s = await start(async (iam) => {
      await iam.send(inline('a', READ));
    });
    await go(
      s,
      [
        () => s.clients.iam.send(new I.DeleteRolePolicyCommand({ RoleName: 'app', PolicyName: 'a' })),
        () => s.clients.iam.send(new I.DeleteRoleCommand({ RoleName: 'app' })),
        () => s.clients.iam.send(role('app')),
        () => s.clients.iam.send(inline('a', ALL)),
      ],
      reverse,
    );
    expect(await inlines(s)).toEqual({});
  });
  it('managed policy: harmless default again after a dangerous default: closed, the version left is dormant', async () => {
    const s = await start(async (iam) => {
      await iam.send(policy('p', READ));
      await iam.send(attach('p'));
    });
    await go(
      s,
      [
        () =>
          s.clients.iam.send(
            new I.CreatePolicyVersionCommand({
              PolicyArn: arn('p'),
              PolicyDocument: text(ALL),
              SetAsDefault: true,
            }),
          ),
        () =>
          s.clients.iam.send(new I.SetDefaultPolicyVersionCommand({ PolicyArn: arn('p'), VersionId: 'v1' })),
      ],
      reverse,
    );
    expect(await versionText(s, 'p')).toEqual([READ]);
  });
  it('attaching AWS’s administrator and detaching an own policy', async () => {
    const s = await start(async (iam) => {
      await iam.send(policy('p', READ));
      await iam.send(attach('p'));
    });
    await go(
      s,
      [
        () =>
          s.clients.iam.send(new I.AttachRolePolicyCommand({ RoleName: 'app', PolicyArn: ADMINISTRATOR })),
        () => s.clients.iam.send(detach('p')),
      ],
      reverse,
    );
    expect(await attached(s)).toEqual([]);
  });
  it('bucket: public statement beside a removal', async () => {
    const st = (Sid: string, Principal: unknown, Action: string) => ({
      Sid,
      Effect: 'Allow',
      Principal,
      Action,
      Resource: 'arn:aws:s3:::b/*',
    });
    const own = st('own', { AWS: `arn:aws:iam::${ACCOUNT}:role/app` }, 's3:GetObject');
    const old = st('old', { AWS: `arn:aws:iam::${ACCOUNT}:role/x` }, 's3:PutObject');
    const pub = st('pub', '*', 's3:GetObject');
    const put = (...statements: readonly Statement[]) =>
      new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(...statements) });
    const s = await start(async (_iam, c) => {
      await c.s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await c.s3.send(put(own, old));
    });
    await go(
      s,
      [() => s.clients.s3.send(put(own, old, pub)), () => s.clients.s3.send(put(own, pub))],
      reverse,
    );
    expect((await s.clients.s3.send(new GetBucketPolicyCommand({ Bucket: 'b' }))).Policy).not.toMatch(
      /"\*"|role\/x/,
    );
  });
  it('bucket: policy with a Deny deleted: the Deny is back, nothing more is granted', async () => {
    const own = {
      Sid: 'own',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::b/*',
    };
    const no = {
      Sid: 'no',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:DeleteObject',
      Resource: 'arn:aws:s3:::b/*',
    };
    const s = await start(async (_iam, c) => {
      await c.s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await c.s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(own, no) }));
    });
    await go(s, [() => s.clients.s3.send(new DeleteBucketPolicyCommand({ Bucket: 'b' }))], reverse);
    expect(
      JSON.parse((await s.clients.s3.send(new GetBucketPolicyCommand({ Bucket: 'b' }))).Policy ?? '{}')
        .Statement,
    ).toEqual([no]);
  });
  it('group: administrator given to a group is taken from it, and the member is told', async () => {
    const s = await start(async (iam) => {
      await iam.send(new I.CreateGroupCommand({ GroupName: 'g' }));
      await iam.send(new I.CreateUserCommand({ UserName: 'bob' }));
      await iam.send(new I.AddUserToGroupCommand({ UserName: 'bob', GroupName: 'g' }));
    });
    await go(
      s,
      [
        () =>
          s.clients.iam.send(
            new I.PutGroupPolicyCommand({ GroupName: 'g', PolicyName: 'x', PolicyDocument: text(ALL) }),
          ),
      ],
      reverse,
    );
    expect(
      (await s.clients.iam.send(new I.ListGroupPoliciesCommand({ GroupName: 'g' }))).PolicyNames,
    ).toEqual([]);
    expect([...s.told().values()].some(({ target }) => target.arn.endsWith('user/bob'))).toBe(true);
  });
  it('joining an administrators’ group is taken away', async () => {
    const s = await start(async (iam) => {
      await iam.send(new I.CreateGroupCommand({ GroupName: 'g' }));
      await iam.send(new I.CreateUserCommand({ UserName: 'bob' }));
      await iam.send(new I.AttachGroupPolicyCommand({ GroupName: 'g', PolicyArn: ADMINISTRATOR }));
    });
    await go(
      s,
      [() => s.clients.iam.send(new I.AddUserToGroupCommand({ UserName: 'bob', GroupName: 'g' }))],
      reverse,
    );
    expect((await s.clients.iam.send(new I.ListGroupsForUserCommand({ UserName: 'bob' }))).Groups).toEqual(
      [],
    );
  });
  it('what a pipeline wrote after an intruder in another policy stays', async () => {
    const s = await start(async (iam) => {
      await iam.send(inline('own', READ));
    });
    await go(
      s,
      [() => s.clients.iam.send(inline('x', ALL)), () => s.pipeline.iam.send(inline('deploy', SEND))],
      reverse,
    );
    expect(await inlines(s)).toEqual({ own: [READ], deploy: [SEND] });
  });
  it('replaced whole: the tightened policy is no policy', async () => {
    const s = await start(async (iam) => {
      await iam.send(inline('own', READ));
    });
    await go(s, [() => s.clients.iam.send(inline('own', allow('iam:*')))], reverse);
    expect(await inlines(s)).toEqual({});
  });
  it('trust opened to a stranger and narrowed elsewhere', async () => {
    const s = await start(async () => undefined);
    const out = { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'sts:AssumeRole' };
    await go(
      s,
      [
        () =>
          s.clients.iam.send(
            new I.UpdateAssumeRolePolicyCommand({ RoleName: 'app', PolicyDocument: text(out) }),
          ),
      ],
      reverse,
    );
    const { Role } = await s.clients.iam.send(new I.GetRoleCommand({ RoleName: 'app' }));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).not.toContain('"Allow"');
  });
  it('an approved addition stays when the next of the same text goes', async () => {
    const s = await start(async (iam) => {
      await iam.send(inline('own', READ));
    });
    await s.pipeline.iam.send(inline('own', READ, SEND));
    await s.settle();
    s.pass(1);
    const f = open(s).find(({ target }) => target.kind === 'iam-principal');
    await s.guard.approve({ findingId: f?.id ?? '', who: 'a', why: 'b' });
    await go(s, [() => s.clients.iam.send(inline('own', READ, SEND, allow('iam:*')))], reverse);
    expect(await inlines(s)).toEqual({ own: [READ, SEND] });
  });
  it('an approved policy stays where another, which grants the same, was written in its second', async () => {
    const s = await start(async (iam) => {
      await iam.send(inline('own', READ));
    });
    await s.clients.iam.send(inline('q', SEND));
    const late = s.records.splice(0);
    await s.clients.iam.send(inline('p', SEND));
    for (const record of s.records.splice(0)) await s.guard.handleRecord(record);
    s.pass(0.01);
    const f = open(s).find(
      ({ target, step }) => target.kind === 'iam-principal' && step?.parts[0] === 'inline:p',
    );
    await s.guard.approve({ findingId: f?.id ?? '', who: 'a', why: 'b' });
    s.records.push(...late);
    await go(s, [], reverse);
    expect(Object.keys(await inlines(s))).toContain('p');
  });
});
