/** The paths of a public catalogue through the guard's judge: who gains one is told so, however the role comes by it. */
import { describe, expect, it } from 'vitest';
import { ESCALATION_PATHS } from '../../../shared/consequences/escalationPaths.ts';
import type { Knowledge } from '../../../shared/consequences/holder.ts';
import { PUBLIC_PATHS } from '../consequences/publicPaths.ts';
import { allow, gained, HARMLESS, holding, NOBODY, narrowly, role, type Statement } from './escalating.ts';

const pathOf = new Map(ESCALATION_PATHS.map((path) => [path.id, path]));
const ESCALATES =
  /can become|can make anybody an administrator|can change what others may do|can free itself/;

describe.each(PUBLIC_PATHS)('$id', ({ kind, permissions }) => {
  const everything = role(allow(permissions));
  const narrow = role(...narrowly(permissions));

  it.each([
    ['an old role gains it on everything', { before: HARMLESS, after: everything }],
    ['a new role has it on everything', { before: NOBODY, after: everything }],
    [
      'a role that is made again has it on everything',
      { before: NOBODY, after: everything, predecessors: [HARMLESS] },
    ],
    ['an old role gains it on named resources', { before: HARMLESS, after: narrow }],
    ['a new role has it on named resources', { before: NOBODY, after: narrow }],
    [
      'a role that is made again has it on named resources',
      { before: NOBODY, after: narrow, predecessors: [HARMLESS] },
    ],
  ])('is named where %s', async (_, step) => {
    const answer = await gained(step);

    expect(answer?.title).toMatch(ESCALATES);
    expect(['HIGH', 'CRITICAL']).toContain(answer?.grade);
    expect(answer?.consequences?.map(({ id }) => pathOf.get(id)?.kind)).toContain(kind);
  });

  it('is graded by what it leads to', async () => {
    const [first = ''] = permissions;
    const isOfUsers = /User|AccessKey|LoginProfile/.test(first);
    const admin = `arn:aws:iam::111122223333:${isOfUsers ? 'user' : 'role'}/admin`;
    const knowledge: Knowledge = {
      administrators: [admin],
      factsOf: (arn) =>
        arn === admin ? { trusts: ['*'], isAdministrator: true, isPrivileged: true } : undefined,
    };

    const unknown = await gained({ before: HARMLESS, after: everything });
    const known = await gained({ before: HARMLESS, after: everything }, knowledge);

    const makesAdministrators = ESCALATION_PATHS.some(
      (path) =>
        path.kind === 'self-escalation' &&
        path.needs === undefined &&
        path.steps.every(({ action }) => permissions.includes(action)),
    );
    expect(unknown?.grade).toBe(makesAdministrators ? 'CRITICAL' : 'HIGH');
    expect(known?.grade).toBe(kind === 'existing-passrole' ? 'HIGH' : 'CRITICAL');
  });
});

describe('near misses', () => {
  const lesser = 'arn:aws:iam::111122223333:role/other';
  const other: Knowledge = {
    administrators: [],
    factsOf: (arn) =>
      arn === lesser
        ? { trusts: ['ec2.amazonaws.com'], isAdministrator: false, isPrivileged: false }
        : undefined,
  };
  const when = (Action: Statement['Action'], Condition: object, Resource = '*') => ({
    ...allow(Action, Resource),
    Condition,
  });
  const deny = (Action: string, Resource = '*') => ({ ...allow(Action, Resource), Effect: 'Deny' });
  const lambda = ['lambda:CreateFunction', 'lambda:InvokeFunction'];
  const pass = 'iam:PassRole';

  it.each<[string, readonly Statement[], Knowledge?]>([
    ['a role may be passed, and nothing made with it', [allow(pass)]],
    ['a function may be made, and no role passed', [allow(lambda)]],
    ['a function may be made and never run', [allow([pass, 'lambda:CreateFunction'])]],
    ['a task may be defined and never run', [allow([pass, 'ecs:RegisterTaskDefinition'])]],
    ['a build project may be made and never started', [allow([pass, 'codebuild:CreateProject'])]],
    ['a job may be made and never started', [allow([pass, 'glue:CreateJob'])]],
    ['a state machine may be made and never started', [allow([pass, 'states:CreateStateMachine'])]],
    ['a change set may be made and never executed', [allow('cloudformation:CreateChangeSet')]],
    ['a launch template has a new version and stays as it was', [allow('ec2:CreateLaunchTemplateVersion')]],
    ['an instance may be stopped and started only', [allow(['ec2:StopInstances', 'ec2:StartInstances'])]],
    [
      'roles may be passed to another service only',
      [when(pass, { StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } }), allow(lambda)],
    ],
    ['roles may not be passed after all', [allow(pass), deny(pass), allow(lambda)]],
    ['one of the calls is denied', [allow([pass, ...lambda]), deny('lambda:CreateFunction')]],
    ['the one role that may be passed trusts another service', [allow(pass, lesser), allow(lambda)], other],
    ['the one role that may be assumed has nothing of weight', [allow('sts:AssumeRole', lesser)], other],
    [
      'a user may keep its own keys',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      [allow(['iam:CreateAccessKey', 'iam:DeleteAccessKey'], 'arn:aws:iam::*:user/${aws:username}')],
    ],
    [
      'only harmless policies of AWS may be attached',
      [
        when('iam:AttachRolePolicy', {
          ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess' },
        }),
      ],
    ],
    ['keys of others are listed', [allow(['iam:ListAccessKeys', 'iam:ListUsers', 'iam:GetUser'])]],
    [
      'a policy may have its versions listed and deleted',
      [allow(['iam:ListPolicyVersions', 'iam:DeletePolicyVersion'])],
    ],
    ['a role may be made that nobody gives anything', [allow('iam:CreateRole')]],
    ['sessions on instances may be ended', [allow(['ssm:TerminateSession', 'ssm:DescribeSessions'])]],
    ['functions may be invoked', [allow('lambda:InvokeFunction')]],
    [
      'a function may be made and another invoked',
      [
        allow([pass]),
        allow('lambda:CreateFunction', 'arn:aws:lambda:*:*:function:app-*'),
        allow('lambda:InvokeFunction', 'arn:aws:lambda:*:*:function:web'),
      ],
    ],
    [
      'a function may be made in one Region and invoked in another',
      [
        allow([pass]),
        allow('lambda:CreateFunction', 'arn:aws:lambda:eu-west-1:*:function:*'),
        allow('lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:*:function:*'),
      ],
    ],
    [
      'policies may be written of principals that must have a boundary only',
      [
        when(['iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PutRolePolicy'], {
          StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::111122223333:policy/developers' },
        }),
      ],
    ],
    [
      'roles may be passed for what another service makes only',
      [when(pass, { ArnLike: { 'iam:AssociatedResourceArn': 'arn:aws:ec2:*:*:instance/*' } }), allow(lambda)],
    ],
    [
      'policies of AWS may be rewritten, which nobody can',
      [allow('iam:CreatePolicyVersion', 'arn:aws:iam::aws:policy/*')],
    ],
    [
      'a role of another account may be written, which no call reaches',
      [allow('iam:PutRolePolicy', 'arn:aws:iam::444455556666:role/x')],
    ],
    [
      'roles of services may be assumed, which let in nobody else',
      [allow('sts:AssumeRole', 'arn:aws:iam::*:role/aws-service-role/*')],
    ],
    [
      'what is passed is a policy, which is none',
      [allow(pass, 'arn:aws:iam::111122223333:policy/x'), allow(lambda)],
    ],
    [
      'keys of all users are denied',
      [allow('iam:CreateAccessKey'), deny('iam:CreateAccessKey', 'arn:aws:iam::111122223333:user/*')],
    ],
    ['a user may be taken out of groups that deny nothing', [allow('iam:RemoveUserFromGroup')]],
    [
      'all is denied but some calls',
      [
        allow('*'),
        {
          Effect: 'Deny',
          NotAction: ['s3:ListAllMyBuckets', 'sqs:*'],
          Resource: '*',
        } as unknown as Statement,
      ],
    ],
  ])('%s', async (_, statements, knowledge) => {
    const answer = await gained({ before: HARMLESS, after: role(...statements) }, knowledge);

    expect(answer?.title ?? '').not.toMatch(ESCALATES);
    expect((answer?.consequences ?? []).filter(({ id }) => pathOf.has(id))).toEqual([]);
  });
});

describe('a path onto a role that is known', () => {
  const known = (isPrivileged: boolean): Knowledge => ({
    administrators: [],
    factsOf: () => ({ trusts: ['ecs-tasks.amazonaws.com'], isAdministrator: false, isPrivileged }),
  });
  const deploys = [
    allow('iam:PassRole', 'arn:aws:iam::111122223333:role/orders'),
    allow(['ecs:RegisterTaskDefinition', 'ecs:UpdateService']),
  ];

  it('and has nothing of weight is MEDIUM, and names it', async () => {
    const answer = await gained({ before: HARMLESS, after: role(...deploys) }, known(false));

    expect(answer).toMatchObject({
      grade: 'MEDIUM',
      title: expect.stringContaining('can act as role `orders`: it may pass it to an ECS task'),
    });
  });

  it('and has a path of its own is HIGH', async () => {
    expect((await gained({ before: HARMLESS, after: role(...deploys) }, known(true)))?.grade).toBe('HIGH');
  });

  it('is told again where it leads to another one', async () => {
    const more = [...deploys, allow('iam:PassRole', 'arn:aws:iam::111122223333:role/payments')];

    const answer = await gained({ before: role(...deploys), after: role(...more) });

    expect(answer?.title).toContain('role/payments');
    expect(answer?.grade).toBe('HIGH');
  });
});

describe('a real path', () => {
  const doc = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement });
  const guard = 'arn:aws:iam::111122223333:policy/guard';
  const known = (arn: string, trusts: string): Knowledge => ({
    administrators: [arn],
    factsOf: (one) =>
      one === arn ? { trusts: [trusts], isAdministrator: true, isPrivileged: true } : undefined,
  });
  const app = 'arn:aws:iam::111122223333:role/app';

  it.each<[string, Parameters<typeof holding>, RegExp, Knowledge?]>([
    [
      'by writing the policies of a group that the user is in',
      [
        'user',
        [allow('iam:PutGroupPolicy', 'arn:aws:iam::111122223333:group/devs')],
        [
          {
            id: 'group:devs/inline:x',
            role: 'grant',
            document: doc({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }),
          },
        ],
      ],
      /^user `dev` can become an administrator: it may write a group’s inline policies, its own included$/,
    ],
    [
      'by detaching a policy that denies',
      [
        'role',
        [allow('iam:DetachRolePolicy', 'arn:aws:iam::111122223333:role/dev')],
        [
          {
            id: `attached:${guard}`,
            role: 'grant',
            document: doc({ Effect: 'Deny', Action: 's3:*', Resource: '*' }),
          },
        ],
      ],
      /^role `dev` can free itself from a Deny/,
    ],
    [
      'by replacing its boundary with a policy of AWS',
      [
        'role',
        [allow('iam:PutRolePermissionsBoundary')],
        [
          {
            id: `boundary:${guard}`,
            role: 'boundary',
            document: doc({ Effect: 'Allow', Action: 'iam:*', Resource: '*' }),
          },
        ],
      ],
      /^role `dev` can free itself from its permissions boundary/,
    ],
    [
      'by actions with question marks and in any case',
      ['role', [allow(['IAM:PASSROLE', 'Lambda:CreateFunctio?', 'lambda:invokefunction'])]],
      /pass a role to a Lambda function/,
    ],
    [
      'by an alias of the function that it makes',
      [
        'role',
        [
          allow('iam:PassRole'),
          allow('lambda:CreateFunction', 'arn:aws:lambda:*:*:function:app'),
          allow('lambda:InvokeFunction', 'arn:aws:lambda:*:*:function:app:*'),
        ],
      ],
      /pass a role to a Lambda function/,
    ],
    [
      'on roles that a tag names',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      ['role', [allow('iam:PutRolePolicy', 'arn:aws:iam::*:role/${aws:PrincipalTag/team}-*')]],
      /^role `dev` can change what others may do/,
    ],
    [
      'onto a role that trusts a service under its name for one Region',
      ['role', [allow('iam:PassRole', app), allow(['states:CreateStateMachine', 'states:StartExecution'])]],
      /^role `dev` can become an administrator: it may pass role `app`/,
      known(app, 'states.eu-west-1.amazonaws.com'),
    ],
    [
      'onto a role that an identity pool gives its guests',
      ['role', [allow('iam:PassRole', app), allow('cognito-identity:SetIdentityPoolRoles')]],
      /^role `dev` can become an administrator: it may pass role `app` to guests/,
      known(app, 'cognito-identity.amazonaws.com'),
    ],
    [
      'by an instance profile',
      [
        'role',
        [
          allow('iam:PassRole'),
          allow('iam:AddRoleToInstanceProfile', 'arn:aws:iam::111122223333:instance-profile/web'),
        ],
      ],
      /pass a role to an instance profile/,
    ],
    [
      'by attaching a policy of the account, which need not make an administrator',
      [
        'role',
        [
          {
            ...allow('iam:AttachRolePolicy'),
            Condition: { ArnLike: { 'iam:PolicyARN': 'arn:aws:iam::111122223333:policy/team-*' } },
          } as Statement,
        ],
      ],
      /^role `dev` can change what others may do: it may attach policies to a role$/,
    ],
    [
      'by pods of a cluster',
      ['role', [allow('iam:PassRole'), allow('eks:CreatePodIdentityAssociation')]],
      /to pods/,
    ],
    ['by groups of Identity Center', ['role', [allow('identitystore:*')]], /add anybody to groups/],
  ])('%s', async (_, [entity, statements, parts = []], title, knowledge) => {
    const before = holding(entity, [allow('s3:ListAllMyBuckets')], parts);

    const answer = await gained({ before, after: holding(entity, statements, parts) }, knowledge);

    expect(answer?.title).toMatch(title);
    expect(['HIGH', 'CRITICAL']).toContain(answer?.grade);
  });
});

describe('a policy or a group that a principal comes to', () => {
  const harmless = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
  });
  const team = 'arn:aws:iam::111122223333:policy/team';

  it('is a path if it may rewrite that policy', async () => {
    const may = [allow('iam:CreatePolicyVersion', team)];
    const attached = [{ id: `attached:${team}`, role: 'grant', document: harmless } as const];
    const grants = [...may, allow('s3:GetBucketLocation')];

    const answer = await gained({ before: holding('role', may), after: holding('role', grants, attached) });

    expect(answer).toMatchObject({
      grade: 'CRITICAL',
      title: 'role `dev` can become an administrator: it may rewrite a managed policy, its own included',
    });
  });

  it('is a path if it may write that group’s policies', async () => {
    const may = [allow('iam:PutGroupPolicy', 'arn:aws:iam::111122223333:group/devs')];
    const member = [{ id: 'group:devs/inline:x', role: 'grant', document: harmless } as const];

    const answer = await gained({ before: holding('user', may), after: holding('user', may, member) });

    expect(answer?.title).toContain('its own included');
  });
});
