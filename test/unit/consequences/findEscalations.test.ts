import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { ESCALATION_PATHS } from '../../../shared/consequences/escalationPaths.ts';
import { type Escalation, findEscalations } from '../../../shared/consequences/findEscalations.ts';
import { type Holder, type Knowledge, NOTHING_KNOWN } from '../../../shared/consequences/holder.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import type { PolicySet } from '../../../shared/policy/policySet.ts';
import { PUBLIC_PATHS } from './publicPaths.ts';

const engine = createEngine({ solver: 'atoms' });
const ROLE: Holder = { arn: 'arn:aws:iam::111122223333:role/dev', policyArns: [], groupArns: [] };

const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

function setOf(statements: object[], boundary?: object[]): PolicySet {
  const named = (name: string, Statement: object[]) => {
    const text = JSON.stringify({ Version: '2012-10-17', Statement });
    const result = parsePolicy(text, { policyType: 'IDENTITY_POLICY', sourceName: name });
    if (!result.ok) throw new Error(result.problems[0]?.message);
    return { name, policy: result.policy };
  };
  return {
    policies: [named('inline', statements)],
    ...(boundary === undefined ? {} : { boundary: [named('boundary', boundary)] }),
  };
}

async function found(
  statements: object[],
  more: { holder?: Holder; knowledge?: Knowledge; before?: object[]; boundary?: object[] } = {},
): Promise<readonly Escalation[]> {
  const { holder = ROLE, knowledge = NOTHING_KNOWN, before, boundary } = more;
  return findEscalations(
    {
      set: setOf(statements, boundary),
      ...(before === undefined ? {} : { before: setOf(before, boundary) }),
      holder,
      knowledge,
    },
    engine,
  );
}

const ids = (escalations: readonly Escalation[]) => escalations.map(({ path }) => path.id);

describe('the catalogue', () => {
  it('names each path once', () => {
    const all = ESCALATION_PATHS.map(({ id }) => id);

    expect(new Set(all).size).toBe(all.length);
  });

  it('names a source for each path', () => {
    expect(ESCALATION_PATHS.filter(({ sources }) => sources.length === 0)).toEqual([]);
  });

  for (const { id, kind, permissions } of PUBLIC_PATHS) {
    it(`finds ${id} where all its permissions are granted on everything`, async () => {
      const paths = await found([allow(permissions)], { before: [allow('s3:ListAllMyBuckets')] });

      expect(paths.map(({ path }) => path.kind)).toContain(kind);
    });
  }
});

describe('narrow resources', () => {
  it('finds writing its own inline policies, and says that it is the principal itself', async () => {
    const [path] = await found([allow('iam:PutRolePolicy', 'arn:aws:iam::111122223333:role/dev')]);

    expect(path).toMatchObject({ path: { id: 'iam-put-role-policy' }, scope: 'itself' });
  });

  it('finds rewriting a policy that the principal holds', async () => {
    const own = 'arn:aws:iam::111122223333:policy/team';

    const [path] = await found([allow('iam:CreatePolicyVersion', own)], {
      holder: { ...ROLE, policyArns: [own] },
    });

    expect(path).toMatchObject({ path: { id: 'iam-create-policy-version' }, scope: 'itself' });
  });

  it('finds passing one named role of which nothing is known', async () => {
    const paths = await found([
      allow('iam:PassRole', 'arn:aws:iam::111122223333:role/app'),
      allow(['lambda:CreateFunction', 'lambda:InvokeFunction'], 'arn:aws:lambda:*:*:function:app-*'),
    ]);

    expect(paths).toMatchObject([{ path: { id: 'lambda-invoke' }, scope: 'named' }]);
  });

  it('finds a pair of calls on the same named user', async () => {
    const user = 'arn:aws:iam::111122223333:user/ann';

    expect(ids(await found([allow(['iam:AttachUserPolicy', 'iam:CreateAccessKey'], user)]))).toContain(
      'iam-attach-user-policy-key',
    );
  });

  it('finds no pair where the calls are granted on different users', async () => {
    const paths = await found([
      allow('iam:AttachUserPolicy', 'arn:aws:iam::111122223333:user/ann'),
      allow('iam:CreateAccessKey', 'arn:aws:iam::111122223333:user/bob'),
    ]);

    expect(ids(paths)).not.toContain('iam-attach-user-policy-key');
  });

  it('finds a path that two documents complete together', async () => {
    const first = setOf([allow('iam:PassRole')]);
    const second = setOf([allow(['ec2:RunInstances'])]);

    const paths = await findEscalations(
      {
        set: { policies: [...first.policies, ...second.policies] },
        before: first,
        holder: ROLE,
        knowledge: NOTHING_KNOWN,
      },
      engine,
    );

    expect(ids(paths)).toEqual(['ec2-run-instances']);
  });
});

describe('what is known', () => {
  const admin = 'arn:aws:iam::111122223333:role/admin';
  const knowing = (isAdministrator: boolean, trusts: string[] = []): Knowledge => ({
    factsOf: (arn) =>
      arn === admin ? { trusts, isAdministrator, isPrivileged: isAdministrator } : undefined,
    administrators: isAdministrator ? [admin] : [],
  });
  const create = allow(['lambda:CreateFunction', 'lambda:InvokeFunction']);

  it('names the administrator that a role may be passed as', async () => {
    const [path] = await found([allow('iam:PassRole'), create], {
      knowledge: knowing(true, ['lambda.amazonaws.com']),
    });

    expect(path).toMatchObject({ leadsTo: admin, calls: [{ resource: admin }, {}, {}] });
  });

  it('names no administrator that does not trust the service', async () => {
    const [path] = await found([allow('iam:PassRole'), create], {
      knowledge: knowing(true, ['ec2.amazonaws.com']),
    });

    expect(path?.leadsTo).toBeUndefined();
  });

  it('names the administrator that may be assumed', async () => {
    expect(await found([allow('sts:AssumeRole', admin)], { knowledge: knowing(true) })).toMatchObject([
      { path: { id: 'sts-assume-role' }, leadsTo: admin },
    ]);
  });

  it('finds a path anew when it reaches a known administrator', async () => {
    const paths = await found([allow('sts:AssumeRole', ['arn:aws:iam::111122223333:role/app', admin])], {
      before: [allow('sts:AssumeRole', 'arn:aws:iam::111122223333:role/app')],
      knowledge: knowing(true),
    });

    expect(paths).toMatchObject([{ leadsTo: admin }]);
  });
});

describe('near misses', () => {
  const other = 'arn:aws:iam::111122223333:role/other';
  const knowledge: Knowledge = {
    factsOf: (arn) =>
      arn === other
        ? { trusts: ['ec2.amazonaws.com'], isAdministrator: false, isPrivileged: false }
        : undefined,
    administrators: [],
  };
  const create = allow(['lambda:CreateFunction', 'lambda:InvokeFunction']);
  const rows: readonly [string, object[], Parameters<typeof found>[1]?][] = [
    ['a role may be passed and nothing made with it', [allow('iam:PassRole')]],
    ['something may be made and no role passed to it', [create]],
    ['one call of several is missing', [allow('iam:PassRole'), allow('lambda:CreateFunction')]],
    [
      'roles may be passed to another service only',
      [allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } }), create],
    ],
    [
      'the one role that may be passed trusts another service',
      [allow('iam:PassRole', other), create],
      { knowledge },
    ],
    ['the one role that may be assumed is no administrator', [allow('sts:AssumeRole', other)], { knowledge }],
    [
      'a user may manage its own keys only',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      [allow(['iam:CreateAccessKey', 'iam:DeleteAccessKey'], 'arn:aws:iam::*:user/${aws:username}')],
    ],
    [
      'only harmless policies of AWS may be attached',
      [
        allow('iam:AttachRolePolicy', '*', {
          ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
        }),
      ],
    ],
    ['a Deny forbids it', [allow('iam:PutRolePolicy'), { Effect: 'Deny', Action: 'iam:*', Resource: '*' }]],
    [
      'a Deny forbids half of it',
      [allow('iam:*Role'), create, { Effect: 'Deny', NotAction: 'lambda:*', Resource: '*' }],
    ],
    ['a boundary leaves none of it', [allow('iam:PutRolePolicy')], { boundary: [allow('s3:*')] }],
    ['a boundary may be removed where there is none', [allow('iam:DeleteRolePermissionsBoundary')]],
    [
      'it was possible before',
      [allow('iam:PutRolePolicy'), allow('s3:*')],
      { before: [allow('iam:PutRolePolicy')] },
    ],
    ['it only reads IAM', [allow(['iam:Get*', 'iam:List*', 'iam:Simulate*'])]],
    ['it reads and writes data', [allow(['s3:*', 'dynamodb:*', 'sqs:*', 'logs:*'])]],
  ];
  for (const [name, statements, more] of rows) {
    it(`finds nothing where ${name}`, async () => {
      expect(ids(await found(statements, more))).toEqual([]);
    });
  }
});

describe('boundaries', () => {
  it('finds removing the principal’s own boundary', async () => {
    const paths = await found([allow('iam:DeleteRolePermissionsBoundary')], { boundary: [allow('iam:*')] });

    expect(paths).toMatchObject([{ path: { id: 'iam-delete-role-boundary' }, scope: 'itself' }]);
  });
});
