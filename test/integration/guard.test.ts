/** The whole guard in a recorded account: real engine, real adapters, real records; only AWS itself is a stand-in. */
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRolePermissionsBoundaryCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetUserPolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListUserPoliciesCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AddPermissionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, DeleteBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../shared/findings/finding.ts';
import {
  ACCOUNT,
  ADMINISTRATOR,
  createFunction,
  createSetting,
  expectRestored,
  PLACE,
  type Round,
  type Setting,
  text,
} from './setting.ts';

const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' };
const WRITE = { ...READ, Action: 's3:PutObject' };
const EC2 = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };

const POLICY_ARN = `arn:aws:iam::${ACCOUNT}:policy/p`;

const rounds: readonly Round[] = [
  {
    name: 'a managed policy that is widened',
    before: ({ iam }) => iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: text(READ) })),
    change: ({ iam }) =>
      iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: POLICY_ARN,
          PolicyDocument: text(READ, WRITE),
          SetAsDefault: true,
        }),
      ),
    check: 'no-new-access',
  },
  {
    name: 'an inline policy that is put on a role',
    before: ({ iam }) =>
      iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: text(EC2) })),
    change: ({ iam }) =>
      iam.send(new PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'x', PolicyDocument: text(READ) })),
    check: 'no-new-access',
  },
  {
    name: 'AdministratorAccess that is attached to a user',
    before: ({ iam }) => iam.send(new CreateUserCommand({ UserName: 'u' })),
    change: ({ iam }) => iam.send(new AttachUserPolicyCommand({ UserName: 'u', PolicyArn: ADMINISTRATOR })),
    // It is on the list too, and what the user became says more.
    check: 'no-new-access',
  },
  {
    name: 'a boundary that is taken away',
    before: async ({ iam }) => {
      await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: text(READ) }));
      await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: text(EC2) }));
      await iam.send(
        new PutRolePermissionsBoundaryCommand({ RoleName: 'r', PermissionsBoundary: POLICY_ARN }),
      );
      await iam.send(
        new PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'x', PolicyDocument: text(READ, WRITE) }),
      );
    },
    change: ({ iam }) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'r' })),
    check: 'no-new-access',
  },
  {
    name: 'a membership that brings a group’s policies',
    before: async ({ iam }) => {
      await iam.send(new CreateGroupCommand({ GroupName: 'g' }));
      await iam.send(
        new PutGroupPolicyCommand({ GroupName: 'g', PolicyName: 'x', PolicyDocument: text(READ) }),
      );
      await iam.send(new CreateUserCommand({ UserName: 'u' }));
    },
    change: ({ iam }) => iam.send(new AddUserToGroupCommand({ UserName: 'u', GroupName: 'g' })),
    check: 'no-new-access',
  },
  {
    name: 'a trust policy that lets in another account',
    before: ({ iam }) =>
      iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: text(EC2) })),
    change: ({ iam }) =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'r',
          PolicyDocument: text(EC2, { ...EC2, Principal: { AWS: '444455556666' } }),
        }),
      ),
    check: 'no-external-access',
  },
  {
    name: 'a bucket policy that lets in everybody',
    before: ({ s3 }) => s3.send(new CreateBucketCommand({ Bucket: 'reports' })),
    change: ({ s3 }) =>
      s3.send(new PutBucketPolicyCommand({ Bucket: 'reports', Policy: text({ ...READ, Principal: '*' }) })),
    check: 'no-public-access',
  },
  {
    name: 'a bucket policy whose Deny is taken away',
    before: async ({ s3 }) => {
      const insecure = { Bool: { 'aws:SecureTransport': 'false' } };
      await s3.send(new CreateBucketCommand({ Bucket: 'reports' }));
      const deny = { ...READ, Effect: 'Deny', Principal: '*', Condition: insecure };
      await s3.send(new PutBucketPolicyCommand({ Bucket: 'reports', Policy: text(deny) }));
    },
    change: ({ s3 }) => s3.send(new DeleteBucketPolicyCommand({ Bucket: 'reports' })),
    check: 'no-new-access',
  },
  {
    name: 'a function that everybody may invoke',
    before: createFunction,
    change: ({ lambda }) =>
      lambda.send(
        new AddPermissionCommand({
          FunctionName: 'f',
          StatementId: 's',
          Action: 'lambda:InvokeFunction',
          Principal: '*',
        }),
      ),
    check: 'no-public-access',
  },
];

describe('the guard in a recorded account', () => {
  for (const round of rounds) {
    it(`finds ${round.name}, restores what was there, and hears of its own writes without a word`, () =>
      expectRestored(round));
  }

  async function approveAll({ guard, told }: Setting): Promise<void> {
    for (const { id } of told().values()) await guard.approve({ findingId: id, who: 'ann', why: 'release' });
  }

  it('restores what somebody did though a shared policy changed and a deployer is heard of only then', async () => {
    const setting = createSetting();
    await setting.later(async ({ iam }) => {
      await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: text(READ, WRITE) }));
      await iam.send(new CreateUserCommand({ UserName: 'u' }));
      await iam.send(new CreateGroupCommand({ GroupName: 'g' }));
      await iam.send(new AttachUserPolicyCommand({ UserName: 'u', PolicyArn: POLICY_ARN }));
    });
    await setting.later(async () => undefined);
    const { guard, records, published } = setting;
    const put = { UserName: 'u', PolicyName: 'x', PolicyDocument: text({ ...READ, Action: 's3:*' }) };
    const version = { PolicyArn: POLICY_ARN, PolicyDocument: text(READ), SetAsDefault: true };

    await setting.pipeline.iam.send(new AddUserToGroupCommand({ UserName: 'u', GroupName: 'g' }));
    const [deployed] = records.splice(0);
    await setting.clients.iam.send(new PutUserPolicyCommand(put));
    await guard.handleRecord(records.shift());
    await setting.clients.iam.send(new CreatePolicyVersionCommand(version));
    records.length = 0;
    await guard.handleRecord(deployed);

    const planned = {
      action: { kind: 'planned' },
      change: { actorArn: `arn:aws:iam::${ACCOUNT}:user/mallory` },
    };
    expect(published).toMatchObject([planned, planned]);
    expect(published[0]?.liveHash).not.toBe(published[1]?.liveHash);
  });

  it('goes back to what a deployer left without what somebody else did beside it', async () => {
    const setting = createSetting();
    const { iam } = setting.pipeline;
    const put = (PolicyName: string, PolicyDocument: string) =>
      new PutUserPolicyCommand({ UserName: 'u', PolicyName, PolicyDocument });
    await setting.later(({ iam }) => iam.send(new CreateUserCommand({ UserName: 'u' })));

    await setting.later(async (mallory) => {
      await iam.send(put('deployed', text(READ)));
      await mallory.iam.send(put('slipped-in', text({ ...READ, Action: 's3:*' })));
      await mallory.iam.send(put('deployed', text({ ...READ, Action: 's3:*' })));
    });

    const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName: 'u' }));
    expect(PolicyNames).toEqual(['deployed']);
    const { PolicyDocument = '' } = await iam.send(
      new GetUserPolicyCommand({ UserName: 'u', PolicyName: 'deployed' }),
    );
    expect(JSON.parse(decodeURIComponent(PolicyDocument))).toEqual(JSON.parse(text(READ)));
  });

  it.each<[string, Round['change'], Finding['check']]>([
    [
      'a policy that was attached',
      async ({ iam }) => {
        await iam.send(new AttachUserPolicyCommand({ UserName: 'u', PolicyArn: ADMINISTRATOR }));
        await iam.send(new DetachUserPolicyCommand({ UserName: 'u', PolicyArn: ADMINISTRATOR }));
      },
      'no-new-access',
    ],
    [
      'a group that was joined',
      async ({ iam }) => {
        await iam.send(new AddUserToGroupCommand({ UserName: 'u', GroupName: 'g' }));
        await iam.send(new RemoveUserFromGroupCommand({ UserName: 'u', GroupName: 'g' }));
      },
      'no-new-access',
    ],
    [
      'a permission of a function',
      async ({ lambda }) => {
        const StatementId = 'everyone';
        const Action = 'lambda:InvokeFunction';
        await lambda.send(
          new AddPermissionCommand({ FunctionName: 'f', StatementId, Action, Principal: '*' }),
        );
        await lambda.send(new RemovePermissionCommand({ FunctionName: 'f', StatementId }));
      },
      'no-public-access',
    ],
  ])(
    'publishes %s that was reversed before anybody could look, and restores nothing',
    async (_, change, check) => {
      const setting = createSetting();
      await setting.later(async ({ iam, lambda }) => {
        await iam.send(new CreateUserCommand({ UserName: 'u' }));
        await iam.send(new CreateGroupCommand({ GroupName: 'g' }));
        await iam.send(
          new PutGroupPolicyCommand({ GroupName: 'g', PolicyName: 'p', PolicyDocument: text(WRITE) }),
        );
        await createFunction({ lambda });
      });

      await setting.later(change);

      expect([...setting.told().values()]).toMatchObject([
        {
          check,
          status: 'RESOLVED',
          action: { kind: 'observed', why: 'it was reversed before the guard could look' },
          change: { actorArn: `arn:aws:iam::${ACCOUNT}:user/mallory` },
        },
      ]);
    },
  );

  it('leaves an approved text of an attached policy alone when it restores something else on its holder', async () => {
    const setting = createSetting();
    const { guard, clients, published } = setting;
    await setting.later(async ({ iam }) => {
      await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: text(READ) }));
      await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: text(EC2) }));
      await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: POLICY_ARN }));
    });
    // Widened, and approved before anybody undid it: without the queue that carries rollbacks.
    await clients.iam.send(
      new CreatePolicyVersionCommand({
        PolicyArn: POLICY_ARN,
        PolicyDocument: text(READ, WRITE),
        SetAsDefault: true,
      }),
    );
    await guard.examineTarget({ kind: 'managed-policy', arn: POLICY_ARN, ...PLACE });
    await approveAll(setting);

    await setting.later(({ iam }) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: 'r',
          PolicyName: 'x',
          PolicyDocument: text({ ...READ, Action: 's3:*' }),
        }),
      ),
    );

    expect(setting.news()).toMatchObject([
      {
        target: { kind: 'iam-principal' },
        status: 'ROLLED_BACK',
        action: { calls: ['delete inline policy x of role r'] },
      },
    ]);
    expect(
      (await clients.iam.send(new GetPolicyCommand({ PolicyArn: POLICY_ARN }))).Policy?.DefaultVersionId,
    ).toBe('v2');
    const attached = await clients.iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'r' }));
    expect(attached.AttachedPolicies?.map(({ PolicyArn }) => PolicyArn)).toEqual([POLICY_ARN]);
    published.length = 0;
    expect(
      await guard.examineTarget({ kind: 'iam-principal', arn: `arn:aws:iam::${ACCOUNT}:role/r`, ...PLACE }),
    ).toMatchObject({ findings: [] });
  });

  it('names whom a managed policy reaches, those it limits apart', async () => {
    const setting = createSetting();
    await setting.later(async ({ iam }) => {
      await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: text(READ) }));
      await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: text(EC2) }));
      await iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: POLICY_ARN }));
      await iam.send(new CreateUserCommand({ UserName: 'u' }));
      await iam.send(new AttachUserPolicyCommand({ UserName: 'u', PolicyArn: POLICY_ARN }));
      await iam.send(
        new CreateRoleCommand({
          RoleName: 'limited',
          AssumeRolePolicyDocument: text(EC2),
          PermissionsBoundary: POLICY_ARN,
        }),
      );
    });

    await setting.later(({ iam }) =>
      iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: POLICY_ARN,
          PolicyDocument: text(READ, WRITE),
          SetAsDefault: true,
        }),
      ),
    );

    const ofPolicy = [...setting.told().values()].filter(({ target }) => target.kind === 'managed-policy');
    expect(ofPolicy).toMatchObject([
      { notes: ['reaches role `r`, user `u`; is the boundary of role `limited`'] },
    ]);
  });

  it('puts down to whoever wrote the group’s policy what a member gains by it', async () => {
    const setting = createSetting();
    await setting.later(async ({ iam }) => {
      await iam.send(new CreateGroupCommand({ GroupName: 'g' }));
      await iam.send(new CreateUserCommand({ UserName: 'u' }));
      await iam.send(new AddUserToGroupCommand({ UserName: 'u', GroupName: 'g' }));
    });
    await setting.clients.iam.send(
      new PutGroupPolicyCommand({ GroupName: 'g', PolicyName: 'x', PolicyDocument: text(READ) }),
    );
    await setting.guard.examineTarget({
      kind: 'iam-principal',
      arn: `arn:aws:iam::${ACCOUNT}:group/g`,
      ...PLACE,
    });
    await approveAll(setting);

    await setting.later(({ iam }) =>
      iam.send(new PutUserPolicyCommand({ UserName: 'u', PolicyName: 'y', PolicyDocument: text(READ) })),
    );

    const ofMember = setting.news().filter(({ target }) => target.arn.endsWith('user/u'));
    expect(ofMember).toMatchObject([
      { change: { eventName: 'PutGroupPolicy' }, action: { kind: 'observed' } },
    ]);
  });
});
