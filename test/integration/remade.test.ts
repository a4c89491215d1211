/**
 * What is deleted and made again under its name before any of the events is handled: another text, another limit, another
 * group, another bucket. What somebody gains by it is told, however the events come, and stays told while it is granted.
 */
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeletePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, DeleteBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { evaluatePolicySet } from '../../shared/evaluator/evaluate.ts';
import type { Request } from '../../shared/evaluator/request.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { toPolicySet } from '../../shared/targets/policySet.ts';
import type { TargetKind, TargetRef } from '../../shared/targets/target.ts';
import { ACCOUNT, createSetting, PLACE, type Setting, text } from './setting.ts';

const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/*' };
const IAM = { Effect: 'Allow', Action: 'iam:*', Resource: '*' };
const NO_IAM = { ...IAM, Effect: 'Deny' };
const EC2 = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/p`;
const APP = { RoleName: 'app' };
const TEAM = { GroupName: 'team' };
const MEMBER = { ...TEAM, UserName: 'u' };
const target = (kind: TargetKind, arn: string): TargetRef => ({ kind, arn, ...PLACE });
const ROLE = target('iam-principal', `arn:aws:iam::${ACCOUNT}:role/app`);
const toIam: Request = {
  action: 'iam:PutUserPolicy',
  resource: `arn:aws:iam::${ACCOUNT}:user/x`,
  context: {},
};

const makePolicy = (iam: AwsClients['iam'], ...statements: readonly object[]) =>
  iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: text(...(statements as never[])) })); // Each is an element.
const makeRole = (iam: AwsClients['iam']) =>
  iam.send(new CreateRoleCommand({ ...APP, AssumeRolePolicyDocument: text(EC2) }));
const put = (iam: AwsClients['iam'], PolicyName: string, statement: typeof IAM) =>
  iam.send(new PutRolePolicyCommand({ ...APP, PolicyName, PolicyDocument: text(statement) }));
const remade = async (iam: AwsClients['iam'], statement: object) => {
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
  await makePolicy(iam, statement);
};
const partner = (Action: string) => ({
  Effect: 'Allow',
  Principal: { AWS: '444455556666' },
  Action,
  Resource: 'arn:aws:s3:::b/*',
});

type Row = {
  readonly holder: TargetRef;
  readonly gains: Request;
  readonly before: (clients: AwsClients) => Promise<unknown>;
  readonly change: (clients: AwsClients) => Promise<unknown>;
};

const ROWS: { readonly [what: string]: Row } = {
  'a policy that a role holds': {
    holder: ROLE,
    gains: toIam,
    before: async ({ iam }) => {
      await makePolicy(iam, READ);
      await makeRole(iam);
      await iam.send(new AttachRolePolicyCommand({ ...APP, PolicyArn }));
    },
    change: async ({ iam }) => {
      await iam.send(new DetachRolePolicyCommand({ ...APP, PolicyArn }));
      await remade(iam, IAM);
      await iam.send(new AttachRolePolicyCommand({ ...APP, PolicyArn }));
    },
  },
  'the boundary of a role that may do more than it': {
    holder: ROLE,
    gains: toIam,
    before: async ({ iam }) => {
      await makePolicy(iam, READ);
      await makeRole(iam);
      await iam.send(new PutRolePermissionsBoundaryCommand({ ...APP, PermissionsBoundary: PolicyArn }));
      await put(iam, 'all', IAM);
    },
    change: async ({ iam }) => {
      await iam.send(new DeleteRolePermissionsBoundaryCommand(APP));
      await remade(iam, IAM);
      await iam.send(new PutRolePermissionsBoundaryCommand({ ...APP, PermissionsBoundary: PolicyArn }));
    },
  },
  'a guardrail that denied': {
    holder: ROLE,
    gains: toIam,
    before: async ({ iam }) => {
      await makePolicy(iam, NO_IAM);
      await makeRole(iam);
      await iam.send(new AttachRolePolicyCommand({ ...APP, PolicyArn }));
      await put(iam, 'all', IAM);
    },
    change: async ({ iam }) => {
      await iam.send(new DetachRolePolicyCommand({ ...APP, PolicyArn }));
      await remade(iam, READ);
      await iam.send(new AttachRolePolicyCommand({ ...APP, PolicyArn }));
    },
  },
  'an inline policy of a role': {
    holder: ROLE,
    gains: toIam,
    before: async ({ iam }) => {
      await makeRole(iam);
      await put(iam, 'own', READ);
    },
    change: async ({ iam }) => {
      await iam.send(new DeleteRolePolicyCommand({ ...APP, PolicyName: 'own' }));
      await put(iam, 'own', IAM);
    },
  },
  'a group with a member': {
    holder: target('iam-principal', `arn:aws:iam::${ACCOUNT}:user/u`),
    gains: toIam,
    before: async ({ iam }) => {
      await iam.send(new CreateUserCommand({ UserName: 'u' }));
      await iam.send(new CreateGroupCommand(TEAM));
      await iam.send(new PutGroupPolicyCommand({ ...TEAM, PolicyName: 'own', PolicyDocument: text(READ) }));
      await iam.send(new AddUserToGroupCommand(MEMBER));
    },
    change: async ({ iam }) => {
      await iam.send(new RemoveUserFromGroupCommand(MEMBER));
      await iam.send(new DeleteGroupPolicyCommand({ ...TEAM, PolicyName: 'own' }));
      await iam.send(new DeleteGroupCommand(TEAM));
      await iam.send(new CreateGroupCommand(TEAM));
      await iam.send(new PutGroupPolicyCommand({ ...TEAM, PolicyName: 'own', PolicyDocument: text(IAM) }));
      await iam.send(new AddUserToGroupCommand(MEMBER));
    },
  },
  'a bucket': {
    holder: target('bucket-policy', 'arn:aws:s3:::b'),
    gains: {
      principal: { type: 'AWS', value: 'arn:aws:iam::444455556666:role/theirs' },
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::b/x',
      context: {},
    },
    before: async ({ s3 }) => {
      await s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(partner('s3:GetObject')) }));
    },
    change: async ({ s3 }) => {
      await s3.send(new DeleteBucketCommand({ Bucket: 'b' }));
      await s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(partner('s3:PutObject')) }));
    },
  },
};

const isGranted = async ({ holder, gains }: Row, { clients }: Setting) => {
  const { kind } = holder;
  const held = toPolicySet(await ADAPTERS[kind].read(holder, clients));
  return held.kind === 'set' && evaluatePolicySet(held.set, gains).granted;
};

/** How the events come, by their places in the order of the calls. */
const ORDERS: { readonly [how: string]: (count: number) => readonly number[] } = {
  'in order': (count) => Array.from({ length: count }, (_, index) => index),
  'the last first': (count) => Array.from({ length: count }, (_, index) => count - 1 - index),
  'the last alone': (count) => [count - 1],
  'not at all': () => [],
};

describe('what somebody gains by another of the same name', () => {
  const cases = Object.entries(ROWS).flatMap(([what, row]) =>
    Object.entries(ORDERS).map(([how, order]) => [what, how, row, order] as const),
  );

  it.each(cases)(
    '%s, events %s: is told, and stays told while it is granted',
    async (_, _how, row, order) => {
      const setting = createSetting();
      await setting.later(row.before);
      await setting.guard.sweep({ ...PLACE, kinds: [row.holder.kind] });
      await setting.later(async () => undefined);
      expect(await isGranted(row, setting)).toBe(false);

      setting.pass(1);
      await row.change(setting.clients);
      expect(await isGranted(row, setting)).toBe(true);
      const events = setting.records.splice(0);
      for (const index of order(events.length)) setting.records.push(events[index]);
      await setting.settle();
      for (let look = 0; look < 3; look++) {
        setting.pass(20);
        const { rollbacks } = await setting.guard.sweep(PLACE);
        for (const request of rollbacks) await setting.guard.rollback(request);
        await setting.settle();
      }

      const told = [...setting.told().values()].filter(
        ({ target: { arn, kind }, additions = [] }) =>
          arn === row.holder.arn &&
          kind === row.holder.kind &&
          additions.some(({ result }) => result === 'FAIL'),
      );
      const open = told.filter(({ status }) => status === 'ACTIVE');
      expect(told.length).toBeGreaterThan(0);
      expect(open.length > 0 || !(await isGranted(row, setting))).toBe(true);
    },
  );
});

describe('a guardrail that is made again as it was, and then emptied', () => {
  it('is told as what it let through, and nothing is written that would change nothing', async () => {
    const setting = createSetting();
    const DENIES_LESS = { ...NO_IAM, Action: 'sqs:*' };
    await setting.later(async ({ iam }) => {
      await makePolicy(iam, NO_IAM);
      await makeRole(iam);
      await iam.send(new AttachRolePolicyCommand({ ...APP, PolicyArn }));
      await put(iam, 'all', IAM);
    });
    await setting.later(async ({ iam }) => {
      await iam.send(new DetachRolePolicyCommand({ ...APP, PolicyArn }));
      await remade(iam, NO_IAM);
      await iam.send(new AttachRolePolicyCommand({ ...APP, PolicyArn }));
      setting.pass(1);
      await iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn,
          PolicyDocument: text(DENIES_LESS),
          SetAsDefault: true,
        }),
      );
    });

    const ofPolicy = [...setting.told().values()].filter(({ target: { kind } }) => kind === 'managed-policy');
    expect(ofPolicy).toMatchObject([{ severity: 'MEDIUM', status: 'ACTIVE', action: { kind: 'declined' } }]);
    const { Policy } = await setting.clients.iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy?.DefaultVersionId).toBe('v2');
  });
});

describe('a bucket whose name another account takes', () => {
  it('is read where it is, and what it lets in stays told', async () => {
    const setting = createSetting();
    const there = { accountId: '222233334444', region: 'eu-west-1' };
    const opened = { ...partner('s3:GetObject'), Principal: '*' };
    const make = async (
      { s3 }: AwsClients,
      ...statements: readonly { readonly [element: string]: unknown }[]
    ) => {
      await s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await s3.send(new PutBucketPolicyCommand({ Bucket: 'b', Policy: text(...statements) }));
    };
    await setting.later((clients) => make(clients, { ...opened, Principal: { AWS: ACCOUNT } }));
    await setting.later(({ s3 }) => s3.send(new DeleteBucketCommand({ Bucket: 'b' })));

    await setting.later(() => make(setting.clientsIn(there), opened));

    const ofPolicy = setting.news().filter(({ target: { kind } }) => kind === 'bucket-policy');
    expect(ofPolicy).toMatchObject([{ target: there, severity: 'CRITICAL', status: 'ACTIVE' }]);
  });
});
