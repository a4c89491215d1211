/** The paths of a public catalogue through the guard's judge: who gains one is told so, however the role comes by it. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { ESCALATION_PATHS } from '../../../shared/consequences/escalationPaths.ts';
import { type Knowledge, NOTHING_KNOWN } from '../../../shared/consequences/holder.ts';
import { judgeStep } from '../../../shared/guard/judge/judgeStep.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { absentSnapshot, makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot } from '../../../shared/targets/target.ts';
import { PUBLIC_PATHS } from '../consequences/publicPaths.ts';

const engine = createEngine({ solver: 'atoms', linkPrincipal: true });
const ROLE = 'arn:aws:iam::111122223333:role/dev';
const TARGET = { kind: 'iam-principal', arn: ROLE, accountId: '111122223333', region: 'us-east-1' } as const;

type Statement = { readonly Action: string | readonly string[]; readonly Resource: string };

const allow = (Action: Statement['Action'], Resource = '*'): Statement => ({ Action, Resource });

function role(...statements: readonly Statement[]): Snapshot {
  const Statement = statements.map((one) => ({ Effect: 'Allow', ...one }));
  return makeSnapshot({
    target: TARGET,
    exists: true,
    parts: [
      { id: 'inline:a', role: 'grant', document: JSON.stringify({ Version: '2012-10-17', Statement }) },
    ],
  });
}

const HARMLESS = role(allow('s3:ListAllMyBuckets'));
const NOBODY = absentSnapshot(TARGET);

async function gained(
  step: { readonly before: Snapshot; readonly after: Snapshot; readonly former?: Snapshot },
  knowledge: Knowledge = NOTHING_KNOWN,
) {
  const [first] = await judgeStep(
    { ...step, isListsOnly: false },
    {
      engine,
      config: { ...defaultConfig(), criticalAccess: [] },
      adapter: ADAPTERS['iam-principal'],
      knowledge: async () => knowledge,
      permissionSetGrade: async () => undefined,
      isClosedBucket: async () => false,
    },
  );
  return first;
}

const pathOf = new Map(ESCALATION_PATHS.map((path) => [path.id, path]));
const ESCALATES = /can become|can make anybody administrator|can change what others may do|can free itself/;

/** Something that the service's calls take. */
const THINGS: { readonly [service: string]: string } = {
  apprunner: 'service/app/0123456789abcdef0123456789abcdef',
  cloudformation: 'stack/app/*',
  codebuild: 'project/app',
  ec2: 'launch-template/lt-0123456789abcdef0',
  'ec2-instance-connect': 'instance/i-0123456789abcdef0',
  glue: 'devEndpoint/app',
  lambda: 'function:app',
  sagemaker: 'notebook-instance/app',
  ssm: 'instance/i-0123456789abcdef0',
};

/** What belongs to another service than the call. */
const OWNERS: { readonly [service: string]: string } = { 'ec2-instance-connect': 'ec2', ssm: 'ec2' };

/** Statements that grant each permission on one thing only: what the path leads to, and something of each service. */
function narrowly(permissions: readonly string[]): Statement[] {
  return permissions.map((permission) => {
    const [service = '', call = ''] = permission.split(':');
    if (service !== 'iam' && service !== 'sts') {
      const lifecycle = call.includes('LifecycleConfig')
        ? 'notebook-instance-lifecycle-config/app'
        : undefined;
      const thing = lifecycle ?? THINGS[service] ?? 'thing/app';
      return allow(permission, `arn:aws:${OWNERS[service] ?? service}:eu-west-1:111122223333:${thing}`);
    }
    const entity = /User|AccessKey|LoginProfile/.test(call)
      ? /AddUserToGroup/.test(call)
        ? 'group'
        : 'user'
      : /Group/.test(call)
        ? 'group'
        : /PolicyVersion/.test(call)
          ? 'policy'
          : 'role';
    return allow(permission, `arn:aws:iam::111122223333:${entity}/other`);
  });
}

describe.each(PUBLIC_PATHS)('$id', ({ kind, permissions }) => {
  const everything = role(allow(permissions));
  const narrow = role(...narrowly(permissions));

  it.each([
    ['an old role gains it on everything', { before: HARMLESS, after: everything }],
    ['a new role has it on everything', { before: NOBODY, after: everything }],
    [
      'a role that is made again has it on everything',
      { before: NOBODY, after: everything, former: HARMLESS },
    ],
    ['an old role gains it on named things', { before: HARMLESS, after: narrow }],
    ['a new role has it on named things', { before: NOBODY, after: narrow }],
    ['a role that is made again has it on named things', { before: NOBODY, after: narrow, former: HARMLESS }],
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
