/**
 * What people do to policies in a history: a row for each way to change a target of each kind. A call that AWS would
 * refuse changes nothing, as in life.
 */
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  ListPolicyVersionsCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  SetDefaultPolicyVersionCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { TargetKind, TargetRef } from '../../shared/targets/target.ts';
import {
  ACCOUNT,
  bucketDocument,
  documentOf,
  identityDocument,
  permission,
  trustDocument,
} from './vocabulary.ts';

export const PLACE = { accountId: ACCOUNT, region: 'us-east-1' };
const BUCKET = 'data';
export const READER = `arn:aws:iam::${ACCOUNT}:policy/reader`;
export const LIMIT = `arn:aws:iam::${ACCOUNT}:policy/limit`;
/** Made by some histories only. */
export const EXTRA = `arn:aws:iam::${ACCOUNT}:policy/extra`;
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

const target = (kind: TargetKind, arn: string): TargetRef => ({ kind, arn, ...PLACE });

/** Every target there is. */
export const TARGETS: readonly TargetRef[] = [
  target('managed-policy', READER),
  target('managed-policy', LIMIT),
  target('managed-policy', EXTRA),
  target('iam-principal', `arn:aws:iam::${ACCOUNT}:role/worker`),
  target('iam-principal', `arn:aws:iam::${ACCOUNT}:user/person`),
  target('iam-principal', `arn:aws:iam::${ACCOUNT}:group/team`),
  target('role-trust', `arn:aws:iam::${ACCOUNT}:role/worker`),
  target('bucket-policy', `arn:aws:s3:::${BUCKET}`),
  target('lambda-function-policy', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:job`),
];

/** Returns the text of an AWS managed policy. */
export function awsManagedPolicy(arn: string): string | undefined {
  return arn === ADMINISTRATOR ? documentOf([{ Effect: 'Allow', Action: '*', Resource: '*' }]) : undefined;
}

const policyArn = fc.constantFrom(READER, LIMIT);
const attachable = fc.constantFrom(READER, LIMIT, ADMINISTRATOR);
const policyName = fc.constantFrom('one', 'two');

type Row<Input> = {
  readonly weight: number;
  readonly input: fc.Arbitrary<Input>;
  readonly act: (clients: AwsClients, input: Input) => Promise<unknown>;
};

/** Hides what the input is, so that rows of all inputs stand in one table. */
function row<Input>({ weight, input, act }: Row<Input>): Row<unknown> {
  return { weight, input, act: (clients, given) => act(clients, given as Input) }; // It was drawn from `input`.
}

const ROWS = {
  CreatePolicyVersion: row({
    weight: 6,
    input: fc.record({ arn: policyArn, document: identityDocument, isDefault: fc.nat(4).map((n) => n > 0) }),
    act: async ({ iam }, { arn, document, isDefault }) => {
      const { Versions: versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: arn }));
      const spare = versions.findLast(({ IsDefaultVersion }) => IsDefaultVersion !== true)?.VersionId;
      if (versions.length >= 5 && spare !== undefined)
        await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: spare }));
      await iam.send(
        new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: document, SetAsDefault: isDefault }),
      );
    },
  }),
  SetDefaultPolicyVersion: row({
    weight: 2,
    input: fc.record({ arn: policyArn, index: fc.nat(4) }),
    act: async ({ iam }, { arn, index }) => {
      const { Versions: versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: arn }));
      const VersionId = versions[index % Math.max(1, versions.length)]?.VersionId;
      await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId }));
    },
  }),
  RecreatePolicy: row({
    weight: 1,
    input: fc.record({ document: identityDocument }),
    act: async ({ iam }, { document }) => {
      await dropPolicy(LIMIT, { iam });
      await iam.send(new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: document }));
    },
  }),
  PutRolePolicy: row({
    weight: 4,
    input: fc.record({ name: policyName, document: identityDocument }),
    act: ({ iam }, { name, document }) =>
      iam.send(new PutRolePolicyCommand({ RoleName: 'worker', PolicyName: name, PolicyDocument: document })),
  }),
  DeleteRolePolicy: row({
    weight: 2,
    input: policyName,
    act: ({ iam }, name) => iam.send(new DeleteRolePolicyCommand({ RoleName: 'worker', PolicyName: name })),
  }),
  AttachRolePolicy: row({
    weight: 3,
    input: attachable,
    act: ({ iam }, PolicyArn) => iam.send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn })),
  }),
  DetachRolePolicy: row({
    weight: 2,
    input: attachable,
    act: ({ iam }, PolicyArn) => iam.send(new DetachRolePolicyCommand({ RoleName: 'worker', PolicyArn })),
  }),
  PutRolePermissionsBoundary: row({
    weight: 2,
    input: policyArn,
    act: ({ iam }, PermissionsBoundary) =>
      iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'worker', PermissionsBoundary })),
  }),
  DeleteRolePermissionsBoundary: row({
    weight: 2,
    input: fc.constant('worker'),
    act: ({ iam }, RoleName) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
  }),
  RecreateRole: row({
    weight: 1,
    input: fc.record({ trust: trustDocument }),
    act: async ({ iam }, { trust }) => {
      for (const PolicyName of ['one', 'two'])
        await refused(iam.send(new DeleteRolePolicyCommand({ RoleName: 'worker', PolicyName })));
      for (const PolicyArn of [READER, LIMIT, ADMINISTRATOR])
        await refused(iam.send(new DetachRolePolicyCommand({ RoleName: 'worker', PolicyArn })));
      await iam.send(new DeleteRoleCommand({ RoleName: 'worker' }));
      await iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trust }));
    },
  }),
  UpdateAssumeRolePolicy: row({
    weight: 5,
    input: trustDocument,
    act: ({ iam }, PolicyDocument) =>
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'worker', PolicyDocument })),
  }),
  PutUserPolicy: row({
    weight: 3,
    input: fc.record({ name: policyName, document: identityDocument }),
    act: ({ iam }, { name, document }) =>
      iam.send(new PutUserPolicyCommand({ UserName: 'person', PolicyName: name, PolicyDocument: document })),
  }),
  DeleteUserPolicy: row({
    weight: 1,
    input: policyName,
    act: ({ iam }, name) => iam.send(new DeleteUserPolicyCommand({ UserName: 'person', PolicyName: name })),
  }),
  AttachUserPolicy: row({
    weight: 1,
    input: attachable,
    act: ({ iam }, PolicyArn) => iam.send(new AttachUserPolicyCommand({ UserName: 'person', PolicyArn })),
  }),
  DetachUserPolicy: row({
    weight: 1,
    input: attachable,
    act: ({ iam }, PolicyArn) => iam.send(new DetachUserPolicyCommand({ UserName: 'person', PolicyArn })),
  }),
  AddUserToGroup: row({
    weight: 2,
    input: fc.constant('team'),
    act: ({ iam }, GroupName) => iam.send(new AddUserToGroupCommand({ UserName: 'person', GroupName })),
  }),
  RemoveUserFromGroup: row({
    weight: 1,
    input: fc.constant('team'),
    act: ({ iam }, GroupName) => iam.send(new RemoveUserFromGroupCommand({ UserName: 'person', GroupName })),
  }),
  PutGroupPolicy: row({
    weight: 2,
    input: fc.record({ name: policyName, document: identityDocument }),
    act: ({ iam }, { name, document }) =>
      iam.send(new PutGroupPolicyCommand({ GroupName: 'team', PolicyName: name, PolicyDocument: document })),
  }),
  PutBucketPolicy: row({
    weight: 6,
    input: bucketDocument(BUCKET),
    act: ({ s3 }, Policy) => s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy })),
  }),
  DeleteBucketPolicy: row({
    weight: 1,
    input: fc.constant(BUCKET),
    act: ({ s3 }, Bucket) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
  }),
  RecreateBucket: row({
    weight: 1,
    input: fc.constant(BUCKET),
    act: async ({ s3 }, Bucket) => {
      await s3.send(new DeleteBucketCommand({ Bucket }));
      await s3.send(new CreateBucketCommand({ Bucket }));
    },
  }),
  AddPermission: row({
    weight: 6,
    input: permission,
    act: ({ lambda }, given) => lambda.send(new AddPermissionCommand({ FunctionName: 'job', ...given })),
  }),
  RemovePermission: row({
    weight: 3,
    input: permission,
    act: ({ lambda }, { StatementId }) =>
      lambda.send(new RemovePermissionCommand({ FunctionName: 'job', StatementId })),
  }),
} as const;

export type Change = { readonly call: keyof typeof ROWS; readonly input: unknown };

/** Any change. */
export const change: fc.Arbitrary<Change> = fc.oneof(
  ...Object.entries(ROWS).map(([call, { weight, input }]) => ({
    weight,
    arbitrary: input.map((given): Change => ({ call: call as Change['call'], input: given })), // The names of the table.
  })),
);

/** Makes the change. Whatever AWS refuses is not made; what was done before it stays. */
export async function make({ call, input }: Change, clients: AwsClients): Promise<void> {
  await refused(ROWS[call].act(clients, input));
}

/** Deletes the policy with its versions, unless somebody holds it: then AWS refuses the last call. */
export async function dropPolicy(PolicyArn: string, { iam }: Pick<AwsClients, 'iam'>): Promise<void> {
  const { Versions: versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  for (const { VersionId, IsDefaultVersion } of versions)
    if (IsDefaultVersion !== true) await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
}

/** Waits for a call that AWS may refuse. */
export async function refused(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error) || error.constructor.name !== 'AwsError') throw error;
  }
}

/** What the targets hold before anything happens. */
export const beginning = fc.record({
  reader: identityDocument,
  limit: identityDocument,
  inline: fc.option(identityDocument, { nil: undefined }),
  hasBoundary: fc.boolean(),
  trust: trustDocument,
  bucket: fc.option(bucketDocument(BUCKET), { nil: undefined }),
  permissions: fc.array(permission, { maxLength: 2 }),
  isMember: fc.boolean(),
});

export type Beginning = typeof beginning extends fc.Arbitrary<infer Value> ? Value : never;

/** Makes every target. */
export async function begin(given: Beginning, { iam, s3, lambda }: AwsClients): Promise<void> {
  const { reader, limit, inline, trust, bucket, permissions } = given;
  await iam.send(new CreatePolicyCommand({ PolicyName: 'reader', PolicyDocument: reader }));
  await iam.send(new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: limit }));
  await iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trust }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn: READER }));
  if (inline !== undefined)
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'one', PolicyDocument: inline }),
    );
  if (given.hasBoundary)
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'worker', PermissionsBoundary: LIMIT }));
  await iam.send(new CreateUserCommand({ UserName: 'person' }));
  await iam.send(new CreateGroupCommand({ GroupName: 'team' }));
  await iam.send(new PutGroupPolicyCommand({ GroupName: 'team', PolicyName: 'one', PolicyDocument: reader }));
  if (given.isMember) await iam.send(new AddUserToGroupCommand({ UserName: 'person', GroupName: 'team' }));
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  if (bucket !== undefined) await s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: bucket }));
  await lambda.send(
    new CreateFunctionCommand({ FunctionName: 'job', Code: {}, Role: `arn:aws:iam::${ACCOUNT}:role/worker` }),
  );
  for (const given of permissions)
    await refused(lambda.send(new AddPermissionCommand({ FunctionName: 'job', ...given })));
}
