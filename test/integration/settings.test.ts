/**
 * Settings that are written as they were read. Two calls come before anybody looks: what was read before both is not what
 * stood between them, so nothing is written from it that no read has shown.
 */
import {
  CreateAccessEntryCommand,
  CreateClusterCommand,
  ListAccessEntriesCommand,
} from '@aws-sdk/client-eks';
import {
  CreateFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetPublicAccessBlockCommand,
  type ObjectOwnership,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import {
  AttachManagedPolicyToPermissionSetCommand,
  CreatePermissionSetCommand,
  DeletePermissionsBoundaryFromPermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListPermissionSetsCommand,
  PutInlinePolicyToPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
} from '@aws-sdk/client-sso-admin';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../shared/findings/finding.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { TargetKind } from '../../shared/targets/target.ts';
import {
  ACCOUNT,
  ADMINISTRATOR,
  createFunction,
  createSetting,
  PLACE,
  READ_ONLY,
  type Setting,
  settleAndWake,
  text,
} from './setting.ts';

/** The setting after what was there is known, and what two people did within seconds has come. */
async function after(
  before: (clients: AwsClients) => Promise<unknown>,
  ...acts: readonly ((setting: Setting) => Promise<unknown>)[]
): Promise<Setting> {
  const setting = createSetting();
  await setting.later(before);
  await setting.guard.sweep(PLACE);
  await setting.later(async () => undefined);
  for (const act of acts) {
    await act(setting);
    setting.pass(0.1);
  }
  await settleAndWake(setting);
  return setting;
}

const toldOf = (setting: Setting, kind: TargetKind): readonly Finding[] =>
  [...setting.told().values()].filter(({ target }) => target.kind === kind);

describe('the boundary of a permission set', () => {
  const InstanceArn = 'arn:aws:sso:::instance/ssoins-1111111111111111';
  const setOf = async ({ ssoAdmin }: AwsClients) => ({
    InstanceArn,
    PermissionSetArn: (await ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn })))
      .PermissionSets?.[0],
  });
  const put = async (clients: AwsClients, ManagedPolicyArn: string) =>
    clients.ssoAdmin.send(
      new PutPermissionsBoundaryToPermissionSetCommand({
        ...(await setOf(clients)),
        PermissionsBoundary: { ManagedPolicyArn },
      }),
    );
  const attach = async (clients: AwsClients) =>
    clients.ssoAdmin.send(
      new AttachManagedPolicyToPermissionSetCommand({
        ...(await setOf(clients)),
        ManagedPolicyArn: ADMINISTRATOR,
      }),
    );
  const grant = async (clients: AwsClients, ...Action: string[]) => {
    const InlinePolicy = text({ Effect: 'Allow', Action, Resource: '*' });
    await clients.ssoAdmin.send(
      new PutInlinePolicyToPermissionSetCommand({ ...(await setOf(clients)), InlinePolicy }),
    );
  };
  const make = async (clients: AwsClients) => {
    await clients.ssoAdmin.send(new CreatePermissionSetCommand({ InstanceArn, Name: 'readers' }));
    await put(clients, READ_ONLY);
    await grant(clients, 's3:GetObject');
  };
  const remove = async (clients: AwsClients) =>
    clients.ssoAdmin.send(new DeletePermissionsBoundaryFromPermissionSetCommand(await setOf(clients)));
  const boundary = async ({ clients }: Setting) => {
    const asked = new GetPermissionsBoundaryForPermissionSetCommand(await setOf(clients));
    return (await clients.ssoAdmin.send(asked)).PermissionsBoundary;
  };

  it.each([
    ['a pipeline attaches, and somebody replaces it', 'pipeline', (it: AwsClients) => put(it, ADMINISTRATOR)],
    ['somebody attaches, and replaces it', 'clients', (it: AwsClients) => put(it, ADMINISTRATOR)],
    ['somebody attaches, and takes it away', 'clients', remove],
  ] as const)('is as it was, where %s', async (_, who, loosen) => {
    const setting = await after(
      make,
      (one) => attach(one[who]),
      ({ clients }) => loosen(clients),
    );

    expect(await boundary(setting)).toEqual({ ManagedPolicyArn: READ_ONLY });
  });

  it('stays as a pipeline put it, where somebody grants more beside it', async () => {
    const setting = await after(
      async (clients) => {
        await make(clients);
        await grant(clients, 's3:PutObject');
      },
      ({ pipeline }) => put(pipeline, ADMINISTRATOR),
      ({ clients }) => grant(clients, 's3:PutObject', 'sqs:SendMessage'),
    );

    expect(await boundary(setting)).toEqual({ ManagedPolicyArn: ADMINISTRATOR });
    const asked = new GetInlinePolicyForPermissionSetCommand(await setOf(setting.clients));
    const { InlinePolicy } = await setting.clients.ssoAdmin.send(asked);
    expect(InlinePolicy).not.toContain('sqs:SendMessage');
  });
});

describe.each([
  ['first', ['clients', 'pipeline']],
  ['last', ['pipeline', 'clients']],
] as const)('the access entry that somebody makes %s', (_, order) => {
  const roleOf = (who: string) => `arn:aws:iam::${ACCOUNT}:role/${who}`;
  const enter =
    (who: (typeof order)[number]) =>
    ({ [who]: { eks } }: Setting) =>
      eks.send(
        new CreateAccessEntryCommand({
          clusterName: 'web',
          principalArn: roleOf(who),
          kubernetesGroups: ['system:masters'],
        }),
      );

  it('goes, and the pipeline’s stays, as the command says too', async () => {
    const setting = await after(
      ({ eks }) =>
        eks.send(new CreateClusterCommand({ name: 'web', roleArn: roleOf('eks'), resourcesVpcConfig: {} })),
      ...order.map(enter),
    );

    const { accessEntries } = await setting.clients.eks.send(
      new ListAccessEntriesCommand({ clusterName: 'web' }),
    );
    expect(accessEntries).toEqual([roleOf('pipeline')]);
    const theirs = toldOf(setting, 'cluster-access').find(({ change }) =>
      change?.actorArn.endsWith('mallory'),
    );
    expect(theirs?.action.kind).toBe('done');
    expect(theirs?.undoWith).toContain(roleOf('clients'));
    expect(theirs?.undoWith).not.toContain(roleOf('pipeline'));
  });
});

const own = ({ s3 }: AwsClients, ownership: ObjectOwnership) =>
  s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: 'b',
      OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] },
    }),
  );

it('the object ownership that a pipeline sets stays where somebody opens the ACL', async () => {
  const setting = await after(
    async (clients) => {
      await clients.s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await own(clients, 'ObjectWriter');
    },
    ({ clients: { s3 } }) => s3.send(new PutBucketAclCommand({ Bucket: 'b', ACL: 'public-read' })),
    ({ pipeline }) => own(pipeline, 'BucketOwnerPreferred'),
  );

  const asked = new GetBucketOwnershipControlsCommand({ Bucket: 'b' });
  const { OwnershipControls } = await setting.clients.s3.send(asked);
  expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerPreferred' }]);
});

it('an ACL that a pipeline set, and somebody overwrote, is not written: no read shows it', async () => {
  const grant = ({ s3 }: AwsClients, GrantRead: string) =>
    s3.send(new PutBucketAclCommand({ Bucket: 'b', GrantRead }));
  const setting = await after(
    async (clients) => {
      await clients.s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await own(clients, 'ObjectWriter');
    },
    ({ pipeline }) => grant(pipeline, `id=${'a'.repeat(64)}`),
    ({ clients }) => grant(clients, 'uri=http://acs.amazonaws.com/groups/global/AllUsers'),
  );

  const { Grants } = await setting.clients.s3.send(new GetBucketAclCommand({ Bucket: 'b' }));
  expect(Grants).toMatchObject([{ Grantee: { URI: expect.stringContaining('AllUsers') } }]);
  const open = toldOf(setting, 'bucket-acl').filter(({ status }) => status === 'ACTIVE');
  expect(open.map(({ action }) => action.kind)).toContain('declined');
});

it('the URL that a pipeline makes stays, though somebody opens it at once', async () => {
  const setting = await after(
    createFunction,
    ({ pipeline: { lambda } }) =>
      lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'f', AuthType: 'AWS_IAM' })),
    ({ clients: { lambda } }) =>
      lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName: 'f', AuthType: 'NONE' })),
  );

  const asked = new GetFunctionUrlConfigCommand({ FunctionName: 'f' });
  expect(await setting.clients.lambda.send(asked)).toMatchObject({ AuthType: 'NONE' });
  const told = toldOf(setting, 'lambda-function-url').find(({ status }) => status === 'ACTIVE');
  expect(told?.action.kind).toBe('declined');
  expect(told?.undoWith).toMatch(/^no read shows the settings before/);
});

it('no command deletes a public access block of which two people loosened a part', async () => {
  const block = ({ s3 }: AwsClients, policy: boolean, buckets: boolean) =>
    s3.send(
      new PutPublicAccessBlockCommand({
        Bucket: 'b',
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: policy,
          RestrictPublicBuckets: buckets,
        },
      }),
    );
  const setting = await after(
    async (clients) => {
      await clients.s3.send(new CreateBucketCommand({ Bucket: 'b' }));
      await block(clients, true, true);
    },
    ({ pipeline }) => block(pipeline, true, false),
    ({ clients }) => block(clients, false, false),
  );

  const told = toldOf(setting, 'bucket-public-access-block');
  expect(told.map(({ undoWith }) => undoWith).join()).not.toContain('delete-public-access-block');
  const asked = new GetPublicAccessBlockCommand({ Bucket: 'b' });
  const { PublicAccessBlockConfiguration } = await setting.clients.s3.send(asked);
  expect(PublicAccessBlockConfiguration?.RestrictPublicBuckets).toBe(false);
});
