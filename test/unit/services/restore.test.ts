import { describe, expect, it } from 'vitest';
import { createRecordedAccount, type WrittenCall } from '../../../shared/recording/recordedAccount.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { RECORDED_SERVICES } from '../../../shared/services/recorded.ts';
import type { Snapshot, TargetKind, TargetRef } from '../../../shared/targets/target.ts';

const ACCOUNT = '111122223333';
const PLACE = { accountId: ACCOUNT, region: 'us-east-1' };
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;

const documentOf = (action: string, more: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: '*', ...more }],
  });

/** An account, what was done to it, and the writes that came through clients. */
function world(...calls: readonly [source: string, name: string, request: object][]) {
  const written: WrittenCall[] = [];
  const account = createRecordedAccount({
    services: RECORDED_SERVICES,
    managedPolicy: () => documentOf('*'),
    onWrite: (call) => written.push(call),
  });
  let second = 0;
  const happen = (source: string, name: string, request: object) =>
    account.applyRecord({
      eventSource: `${source}.amazonaws.com`,
      eventName: name,
      eventTime: `2026-10-05T09:00:${String(second++).padStart(2, '0')}Z`,
      awsRegion: PLACE.region,
      recipientAccountId: ACCOUNT,
      requestParameters: request,
    });
  for (const call of calls) happen(...call);
  const clients = account.clientsFor(PLACE);
  const read = (kind: TargetKind, arn: string): Promise<Snapshot> => {
    const target: TargetRef = { kind, arn, ...PLACE };
    return ADAPTERS[kind].read(target, clients);
  };
  const restore = (accepted: Snapshot, from: Snapshot) =>
    ADAPTERS[accepted.target.kind].restore({ accepted, from }, clients);
  const writes = () => written.map(({ operation, input }) => ({ operation, input }));
  return { happen, clients, read, restore, writes };
}

const ROLE = `arn:aws:iam::${ACCOUNT}:role/r`;
const TRUST = documentOf('sts:AssumeRole');
const createRole: [string, string, object] = [
  'iam',
  'CreateRole',
  { roleName: 'r', assumeRolePolicyDocument: TRUST },
];

describe('a managed policy', () => {
  const arn = `arn:aws:iam::${ACCOUNT}:policy/p`;
  const create: [string, string, object] = [
    'iam',
    'CreatePolicy',
    { policyName: 'p', policyDocument: documentOf('s3:GetObject') },
  ];
  const version = (action: string, setAsDefault = true): [string, string, object] => [
    'iam',
    'CreatePolicyVersion',
    { policyArn: arn, policyDocument: documentOf(action), setAsDefault },
  ];

  it('goes back to the version that still stands, and loses the one it came from', async () => {
    const { happen, read, restore, writes } = world(create);
    const accepted = await read('managed-policy', arn);
    happen(...version('s3:*'));

    const outcome = await restore(accepted, await read('managed-policy', arn));

    expect(outcome.kind).toBe('restored');
    expect(writes()).toEqual([
      { operation: 'SetDefaultPolicyVersion', input: { PolicyArn: arn, VersionId: 'v1' } },
      { operation: 'DeletePolicyVersion', input: { PolicyArn: arn, VersionId: 'v2' } },
    ]);
  });

  it('gets a new version when the accepted one is gone, after a slot was freed', async () => {
    const { happen, read, restore, writes } = world(create);
    const accepted = await read('managed-policy', arn);
    happen(...version('s3:*'));
    happen('iam', 'DeletePolicyVersion', { policyArn: arn, versionId: 'v1' });
    for (const action of ['a:A', 'b:B', 'c:C', 'd:D']) happen(...version(action, false));

    const outcome = await restore(accepted, await read('managed-policy', arn));

    expect(outcome.kind).toBe('restored');
    expect(writes().map(({ operation }) => operation)).toEqual([
      'DeletePolicyVersion',
      'CreatePolicyVersion',
      'DeletePolicyVersion',
    ]);
    expect(writes()[0]?.input).toEqual({ PolicyArn: arn, VersionId: 'v3' });
  });
});

describe('a role with all that it is granted', () => {
  it('loses what was added and gets back what was taken, limits first', async () => {
    const { happen, read, restore, writes } = world(
      createRole,
      ['iam', 'CreatePolicy', { policyName: 'boundary', policyDocument: documentOf('s3:*') }],
      ['iam', 'PutRolePermissionsBoundary', { roleName: 'r', permissionsBoundary: BOUNDARY }],
      [
        'iam',
        'PutRolePolicy',
        { roleName: 'r', policyName: 'kept', policyDocument: documentOf('s3:GetObject') },
      ],
    );
    const accepted = await read('iam-principal', ROLE);
    happen('iam', 'DeleteRolePermissionsBoundary', { roleName: 'r' });
    happen('iam', 'PutRolePolicy', { roleName: 'r', policyName: 'kept', policyDocument: documentOf('s3:*') });
    happen('iam', 'AttachRolePolicy', {
      roleName: 'r',
      policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    });

    const outcome = await restore(accepted, await read('iam-principal', ROLE));

    expect(outcome.kind).toBe('restored');
    expect(writes()).toEqual([
      { operation: 'PutRolePermissionsBoundary', input: { RoleName: 'r', PermissionsBoundary: BOUNDARY } },
      {
        operation: 'DetachRolePolicy',
        input: { RoleName: 'r', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      },
      {
        operation: 'PutRolePolicy',
        input: { RoleName: 'r', PolicyName: 'kept', PolicyDocument: documentOf('s3:GetObject') },
      },
    ]);
  });

  it('narrows what is granted before another boundary takes the place of the one that stands', async () => {
    const other = `arn:aws:iam::${ACCOUNT}:policy/other`;
    const { happen, read, restore, writes } = world(
      createRole,
      ['iam', 'CreatePolicy', { policyName: 'boundary', policyDocument: documentOf('s3:*') }],
      ['iam', 'CreatePolicy', { policyName: 'other', policyDocument: documentOf('sqs:*') }],
      ['iam', 'PutRolePermissionsBoundary', { roleName: 'r', permissionsBoundary: BOUNDARY }],
      ['iam', 'PutRolePolicy', { roleName: 'r', policyName: 'p', policyDocument: documentOf('sqs:*') }],
    );
    const accepted = await read('iam-principal', ROLE);
    happen('iam', 'PutRolePolicy', { roleName: 'r', policyName: 'p', policyDocument: documentOf('*') });
    happen('iam', 'PutRolePermissionsBoundary', { roleName: 'r', permissionsBoundary: other });

    await restore(accepted, await read('iam-principal', ROLE));

    expect(writes().map(({ operation }) => operation)).toEqual([
      'PutRolePolicy',
      'PutRolePermissionsBoundary',
    ]);
  });

  it('loses what denies last, once what takes its place is there', async () => {
    const { happen, read, restore, writes } = world(createRole, [
      'iam',
      'PutRolePolicy',
      { roleName: 'r', policyName: 'p', policyDocument: documentOf('s3:*', { Effect: 'Deny' }) },
    ]);
    const accepted = await read('iam-principal', ROLE);
    happen('iam', 'PutRolePolicy', {
      roleName: 'r',
      policyName: 'q',
      policyDocument: documentOf('s3:*', { Effect: 'Deny' }),
    });
    happen('iam', 'DeleteRolePolicy', { roleName: 'r', policyName: 'p' });

    await restore(accepted, await read('iam-principal', ROLE));

    expect(writes().map(({ operation }) => operation)).toEqual(['PutRolePolicy', 'DeleteRolePolicy']);
  });

  it.each([
    [
      'before a Deny goes that it holds too',
      's3:PutObject',
      ['PutRolePermissionsBoundary', 'DeleteRolePolicy'],
    ],
    [
      'after a Deny that it does not hold',
      's3:GetObject',
      ['DeleteRolePolicy', 'PutRolePermissionsBoundary'],
    ],
  ])('gets another boundary %s', async (_, denied, operations) => {
    const other = `arn:aws:iam::${ACCOUNT}:policy/other`;
    const deny = { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' };
    const allow = { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' };
    const text = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
    const { happen, read, restore, writes } = world(
      createRole,
      [
        'iam',
        'CreatePolicy',
        { policyName: 'boundary', policyDocument: text(allow, { ...deny, Action: denied }) },
      ],
      ['iam', 'CreatePolicy', { policyName: 'other', policyDocument: documentOf('*') }],
      ['iam', 'PutRolePermissionsBoundary', { roleName: 'r', permissionsBoundary: BOUNDARY }],
      ['iam', 'PutRolePolicy', { roleName: 'r', policyName: 'p', policyDocument: documentOf('s3:*') }],
    );
    const accepted = await read('iam-principal', ROLE);
    happen('iam', 'PutRolePermissionsBoundary', { roleName: 'r', permissionsBoundary: other });
    happen('iam', 'PutRolePolicy', { roleName: 'r', policyName: 'q', policyDocument: text(allow, deny) });

    await restore(accepted, await read('iam-principal', ROLE));

    expect(writes().map(({ operation }) => operation)).toEqual(operations);
  });

  it('puts a text that loses a Deny once the text that gains it is there', async () => {
    const put = (policyName: string, ...statements: readonly string[]): [string, string, object] => [
      'iam',
      'PutRolePolicy',
      {
        roleName: 'r',
        policyName,
        policyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: statements.flatMap((one) => (JSON.parse(one) as { Statement: object[] }).Statement),
        }),
      },
    ];
    const [allow, deny] = [documentOf('s3:*'), documentOf('s3:PutObject', { Effect: 'Deny' })];
    const { happen, read, restore, writes } = world(createRole, put('a', allow), put('b', allow, deny));
    const accepted = await read('iam-principal', ROLE);
    happen(...put('a', allow, deny));
    happen(...put('b', documentOf('*')));

    await restore(accepted, await read('iam-principal', ROLE));

    expect(writes()).toMatchObject([{ input: { PolicyName: 'b' } }, { input: { PolicyName: 'a' } }]);
  });

  it('leaves a group that denies last, once what it stopped is granted no more', async () => {
    const user = `arn:aws:iam::${ACCOUNT}:user/u`;
    const put = (policyDocument: string): [string, string, object] => [
      'iam',
      'PutUserPolicy',
      { userName: 'u', policyName: 'p', policyDocument },
    ];
    const { happen, read, restore, writes } = world(
      ['iam', 'CreateUser', { userName: 'u' }],
      ['iam', 'CreateGroup', { groupName: 'g' }],
      [
        'iam',
        'PutGroupPolicy',
        { groupName: 'g', policyName: 'p', policyDocument: documentOf('s3:*', { Effect: 'Deny' }) },
      ],
      put(documentOf('sqs:*')),
    );
    const accepted = await read('iam-principal', user);
    happen('iam', 'AddUserToGroup', { userName: 'u', groupName: 'g' });
    happen(...put(documentOf('s3:*')));

    await restore(accepted, await read('iam-principal', user));

    expect(writes().map(({ operation }) => operation)).toEqual(['PutUserPolicy', 'RemoveUserFromGroup']);
  });

  it('finishes a restore that was cut short, without doing again what was done', async () => {
    const { happen, read, restore, writes } = world(createRole);
    const accepted = await read('iam-principal', ROLE);
    happen('iam', 'PutRolePolicy', { roleName: 'r', policyName: 'a', policyDocument: documentOf('s3:*') });
    happen('iam', 'PutRolePolicy', { roleName: 'r', policyName: 'b', policyDocument: documentOf('ec2:*') });
    const from = await read('iam-principal', ROLE);
    happen('iam', 'DeleteRolePolicy', { roleName: 'r', policyName: 'a' });

    expect((await restore(accepted, from)).kind).toBe('changed-since');
    const outcome = await restore(accepted, await read('iam-principal', ROLE));

    expect(outcome.kind).toBe('restored');
    expect(writes()).toEqual([{ operation: 'DeleteRolePolicy', input: { RoleName: 'r', PolicyName: 'b' } }]);
  });

  it('leaves the group that a user is in alone, and takes the user out of one that was joined', async () => {
    const user = `arn:aws:iam::${ACCOUNT}:user/u`;
    const { happen, read, restore, writes } = world(
      ['iam', 'CreateUser', { userName: 'u' }],
      ['iam', 'CreateGroup', { groupName: 'g' }],
      ['iam', 'PutGroupPolicy', { groupName: 'g', policyName: 'p', policyDocument: documentOf('s3:*') }],
    );
    const accepted = await read('iam-principal', user);
    happen('iam', 'AddUserToGroup', { userName: 'u', groupName: 'g' });

    const outcome = await restore(accepted, await read('iam-principal', user));

    expect(outcome.kind).toBe('restored');
    expect(writes()).toEqual([
      { operation: 'RemoveUserFromGroup', input: { UserName: 'u', GroupName: 'g' } },
    ]);
  });
});

it('a role whose policy takes another name while it is read is listed again', async () => {
  const policy = { roleName: 'r', policyDocument: documentOf('s3:*') };
  const { happen, clients } = world(createRole, ['iam', 'PutRolePolicy', { ...policy, policyName: 'one' }]);
  const target: TargetRef = { kind: 'iam-principal', arn: ROLE, ...PLACE };
  const send = clients.iam.send.bind(clients.iam) as (command: unknown) => Promise<unknown>;
  let isMoved = false;
  const moving = async (command: object) => {
    const answer = await send(command);
    if (command.constructor.name === 'ListAttachedRolePoliciesCommand' && !isMoved) {
      isMoved = true;
      happen('iam', 'PutRolePolicy', { ...policy, policyName: 'two' });
      happen('iam', 'DeleteRolePolicy', { roleName: 'r', policyName: 'one' });
    }
    return answer;
  };

  const { parts } = await ADAPTERS['iam-principal'].read(target, {
    ...clients,
    iam: { send: moving } as never,
  });

  expect(parts.map(({ id }) => id)).toEqual(['inline:two']);
});

describe('a trust policy', () => {
  it('is restored', async () => {
    const { happen, read, restore, writes } = world(createRole);
    const accepted = await read('role-trust', ROLE);
    happen('iam', 'UpdateAssumeRolePolicy', { roleName: 'r', policyDocument: documentOf('sts:*') });

    await restore(accepted, await read('role-trust', ROLE));

    expect(writes()).toEqual([
      { operation: 'UpdateAssumeRolePolicy', input: { RoleName: 'r', PolicyDocument: TRUST } },
    ]);
  });

  it.each(['AWSServiceRoleForSupport', 'AWSReservedSSO_Admin_0123'])(
    'of %s is known not to be restorable',
    (name) => {
      const target: TargetRef = { kind: 'role-trust', arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, ...PLACE };

      expect(ADAPTERS['role-trust'].whyNotRestorable(target)).toBeTypeOf('string');
    },
  );
});

describe('a bucket policy', () => {
  const bucket = 'arn:aws:s3:::b';
  const create: [string, string, object] = ['s3', 'CreateBucket', { bucketName: 'b' }];
  const put = (policy: object): [string, string, object] => [
    's3',
    'PutBucketPolicy',
    { bucketName: 'b', bucketPolicy: policy },
  ];
  const open = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }],
  };

  it('is taken away where there was none', async () => {
    const { happen, read, restore, writes } = world(create);
    const accepted = await read('bucket-policy', bucket);
    happen(...put(open));

    await restore(accepted, await read('bucket-policy', bucket));

    expect(writes()).toEqual([{ operation: 'DeleteBucketPolicy', input: { Bucket: 'b' } }]);
  });

  it('is left alone when it is no longer what was judged', async () => {
    const { happen, read, restore, writes } = world(create);
    const accepted = await read('bucket-policy', bucket);
    happen(...put(open));
    const from = await read('bucket-policy', bucket);
    happen(...put({ ...open, Id: 'another' }));

    const outcome = await restore(accepted, from);

    expect(outcome.kind).toBe('changed-since');
    expect(writes()).toEqual([]);
  });

  it('is not restored when it would lock everybody out', async () => {
    const locked = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:Put*', Resource: '*' }],
    };
    const { happen, read, restore, writes } = world(create, put(locked));
    const accepted = await read('bucket-policy', bucket);
    happen(...put(open));

    const outcome = await restore(accepted, await read('bucket-policy', bucket));

    expect(outcome.kind).toBe('cannot-undo');
    expect(writes()).toEqual([]);
  });
});

describe('the policy of a Lambda function', () => {
  const arn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`;
  const add = (id: string, principal: string): [string, string, object] => [
    'lambda',
    'AddPermission20150331v2',
    { functionName: 'f', statementId: id, action: 'lambda:InvokeFunction', principal },
  ];

  it('gets back a statement with every condition that it had', async () => {
    const request = {
      functionName: 'f',
      statementId: 'url',
      action: 'lambda:InvokeFunction',
      principal: '*',
      functionUrlAuthType: 'AWS_IAM',
      invokedViaFunctionUrl: true,
      sourceAccount: '444455556666',
      eventSourceToken: 't',
    };
    const { happen, read, restore, writes } = world(['lambda', 'AddPermission20150331v2', request]);
    const accepted = await read('lambda-function-policy', arn);
    happen('lambda', 'RemovePermission20150331v2', { functionName: 'f', statementId: 'url' });

    const outcome = await restore(accepted, await read('lambda-function-policy', arn));

    expect(outcome.kind).toBe('restored');
    expect(writes()).toMatchObject([
      {
        operation: 'AddPermission',
        input: { FunctionUrlAuthType: 'AWS_IAM', InvokedViaFunctionUrl: true, EventSourceToken: 't' },
      },
    ]);
  });

  it('is left to people where a Deny would come back, which no permission says', async () => {
    const { happen, read, restore, writes } = world(add('kept', 's3.amazonaws.com'));
    const deny = { Sid: 'no', Effect: 'Deny', Principal: '*', Action: 'lambda:*', Resource: arn };
    happen('lambda', 'PutResourcePolicy20241031', {
      resourceArn: arn,
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [deny] }),
    });
    const accepted = await read('lambda-function-policy', arn);
    happen('lambda', 'RemovePermission20150331v2', { functionName: 'f', statementId: 'no' });

    const outcome = await restore(accepted, await read('lambda-function-policy', arn));

    expect(outcome.kind).toBe('cannot-undo');
    expect(writes()).toEqual([]);
  });

  it('loses the added statement and gets back the removed one, the first write under the revision that was read', async () => {
    const { happen, read, restore, writes } = world(add('kept', 's3.amazonaws.com'));
    const accepted = await read('lambda-function-policy', arn);
    happen(...add('opened', '*'));
    happen('lambda', 'RemovePermission20150331v2', { functionName: 'f', statementId: 'kept' });
    const from = await read('lambda-function-policy', arn);

    const outcome = await restore(accepted, from);

    expect(outcome.kind).toBe('restored');
    expect(writes()).toEqual([
      {
        operation: 'RemovePermission',
        input: { FunctionName: arn, StatementId: 'opened', RevisionId: from.revision },
      },
      {
        operation: 'AddPermission',
        input: {
          FunctionName: arn,
          StatementId: 'kept',
          Action: 'lambda:InvokeFunction',
          Principal: 's3.amazonaws.com',
        },
      },
    ]);
  });
});
