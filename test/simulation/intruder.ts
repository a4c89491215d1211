/**
 * What an intruder does who knows the guard: everything within the lag of events, so that whoever looks finds the end of
 * it alone. A row for each way; others, who are not the intruder, play a part in some.
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
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  PutGroupPolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { dropPolicy, EXTRA, LIMIT, READER, refused } from './changes.ts';
import { bucketDocument, documentOf, identityDocument, trustDocument } from './vocabulary.ts';

/** Who makes a call of a scheme. */
export type Player = 'somebody' | 'responder' | 'deployer' | 'emergency';

/** What a scheme is filled with. */
type Texts = {
  readonly one: string;
  readonly other: string;
  readonly trust: string;
  readonly bucket: string;
  readonly otherBucket: string;
};

type Call = { readonly by: Player; readonly act: (clients: AwsClients) => Promise<unknown> };

const somebody = (act: Call['act']): Call => ({ by: 'somebody', act });
const responder = (act: Call['act']): Call => ({ by: 'responder', act });
const deployer = (act: Call['act']): Call => ({ by: 'deployer', act });

const EVERYTHING = documentOf([{ Effect: 'Allow', Action: '*', Resource: '*' }]);
const NOTHING = documentOf([{ Effect: 'Deny', Action: '*', Resource: '*' }]);
const HARMLESS = documentOf([{ Effect: 'Deny', Action: 'sqs:*', Resource: '*' }]);
const WORKER = { RoleName: 'worker' };
const PERSON = { UserName: 'person' };
const TEAM = { GroupName: 'team' };
const BUCKET = { Bucket: 'data' };

const create = (name: string, PolicyDocument: string) =>
  somebody(({ iam }) => iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument })));
const drop = (arn: string) => somebody((clients) => dropPolicy(arn, clients));
const attach = (PolicyArn: string) =>
  somebody(({ iam }) => iam.send(new AttachRolePolicyCommand({ ...WORKER, PolicyArn })));
const detach = (PolicyArn: string) =>
  somebody(({ iam }) => iam.send(new DetachRolePolicyCommand({ ...WORKER, PolicyArn })));
const limit = (PermissionsBoundary: string) =>
  somebody(({ iam }) => iam.send(new PutRolePermissionsBoundaryCommand({ ...WORKER, PermissionsBoundary })));
const unlimited = ({ iam }: AwsClients) => iam.send(new DeleteRolePermissionsBoundaryCommand(WORKER));
const put = (PolicyName: string, PolicyDocument: string) =>
  somebody(({ iam }) => iam.send(new PutRolePolicyCommand({ ...WORKER, PolicyName, PolicyDocument })));
const putBucket =
  (Policy: string) =>
  ({ s3 }: AwsClients) =>
    s3.send(new PutBucketPolicyCommand({ ...BUCKET, Policy }));

/** Every way, by its name. */
const SCHEMES = {
  'another policy under the name of one that is held': ({ one }) => [
    detach(READER),
    drop(READER),
    create('reader', one),
    attach(READER),
  ],
  'another policy under the name of the boundary': ({ one }) => [
    limit(LIMIT),
    somebody(unlimited),
    drop(LIMIT),
    create('limit', one),
    limit(LIMIT),
  ],
  'another group under the name of one with a member': ({ one }) => [
    somebody(({ iam }) => iam.send(new RemoveUserFromGroupCommand({ ...TEAM, ...PERSON }))),
    somebody(({ iam }) => iam.send(new DeleteGroupPolicyCommand({ ...TEAM, PolicyName: 'one' }))),
    somebody(({ iam }) => iam.send(new DeleteGroupPolicyCommand({ ...TEAM, PolicyName: 'two' }))),
    somebody(({ iam }) => iam.send(new DeleteGroupCommand(TEAM))),
    somebody(({ iam }) => iam.send(new CreateGroupCommand(TEAM))),
    somebody(({ iam }) =>
      iam.send(new PutGroupPolicyCommand({ ...TEAM, PolicyName: 'one', PolicyDocument: one })),
    ),
    somebody(({ iam }) => iam.send(new AddUserToGroupCommand({ ...TEAM, ...PERSON }))),
  ],
  'a user made again': ({ one }) => [
    somebody(({ iam }) => iam.send(new RemoveUserFromGroupCommand({ ...TEAM, ...PERSON }))),
    somebody(({ iam }) => iam.send(new DeleteUserPolicyCommand({ ...PERSON, PolicyName: 'one' }))),
    somebody(({ iam }) => iam.send(new DeleteUserCommand(PERSON))),
    somebody(({ iam }) => iam.send(new CreateUserCommand(PERSON))),
    somebody(({ iam }) =>
      iam.send(new PutUserPolicyCommand({ ...PERSON, PolicyName: 'one', PolicyDocument: one })),
    ),
  ],
  'a role made again with the same grants and another trust': ({ one, trust }) => [
    detach(READER),
    detach(LIMIT),
    somebody(({ iam }) => iam.send(new DeleteRolePolicyCommand({ ...WORKER, PolicyName: 'one' }))),
    somebody(({ iam }) => iam.send(new DeleteRoleCommand(WORKER))),
    somebody(({ iam }) => iam.send(new CreateRoleCommand({ ...WORKER, AssumeRolePolicyDocument: trust }))),
    put('one', one),
    attach(READER),
  ],
  'a bucket made again': ({ bucket }) => [
    somebody(({ s3 }) => s3.send(new DeleteBucketCommand(BUCKET))),
    somebody(({ s3 }) => s3.send(new CreateBucketCommand(BUCKET))),
    somebody(putBucket(bucket)),
  ],
  'a guardrail that is made harmless over a grant that slept': ({ one }) => [
    create('extra', NOTHING),
    attach(EXTRA),
    put('two', one),
    somebody(({ iam }) =>
      iam.send(
        new CreatePolicyVersionCommand({ PolicyArn: EXTRA, PolicyDocument: HARMLESS, SetAsDefault: true }),
      ),
    ),
  ],
  'a guardrail that goes over a grant that slept': () => [
    create('extra', NOTHING),
    attach(EXTRA),
    put('two', EVERYTHING),
    detach(EXTRA),
  ],
  'a harmless policy, widened once it is held': ({ one, other }) => [
    create('extra', one),
    attach(EXTRA),
    somebody(({ iam }) =>
      iam.send(
        new CreatePolicyVersionCommand({ PolicyArn: EXTRA, PolicyDocument: other, SetAsDefault: true }),
      ),
    ),
  ],
  'a grant under a boundary that a deployer takes away': ({ one }) => [
    limit(LIMIT),
    put('two', one),
    deployer(unlimited),
  ],
  'a grant under a boundary that an emergency role takes away': ({ one }) => [
    put('two', one),
    { by: 'emergency', act: unlimited },
  ],
  'a responder who takes away, and somebody who attaches something else': () => [
    responder(({ iam }) => iam.send(new DetachRolePolicyCommand({ ...WORKER, PolicyArn: READER }))),
    somebody(({ iam }) => iam.send(new AttachUserPolicyCommand({ ...PERSON, PolicyArn: READER }))),
    attach(LIMIT),
    responder(({ iam }) => iam.send(new DetachUserPolicyCommand({ ...PERSON, PolicyArn: READER }))),
  ],
  'a responder who clears a text, and somebody who writes another': ({ bucket, otherBucket }) => [
    somebody(putBucket(bucket)),
    responder(({ s3 }) => s3.send(new DeleteBucketPolicyCommand(BUCKET))),
    somebody(putBucket(otherBucket)),
  ],
  'a text that a deployer’s run writes again': ({ bucket }) => [
    somebody(putBucket(bucket)),
    deployer(putBucket(bucket)),
  ],
  'a deployer’s text that somebody writes again with more': ({ bucket, otherBucket }) => [
    deployer(putBucket(bucket)),
    somebody(putBucket(otherBucket)),
    deployer(putBucket(bucket)),
  ],
  'parts that change places': ({ one, other }) => [
    put('one', one),
    put('two', other),
    put('one', other),
    put('two', one),
    somebody(({ iam }) => iam.send(new DeleteRolePolicyCommand({ ...WORKER, PolicyName: 'one' }))),
  ],
  'the same text twice, with another between': ({ one, other }) => [
    put('one', one),
    put('one', other),
    put('one', one),
  ],
} as const satisfies { readonly [name: string]: (texts: Texts) => readonly Call[] };

export type Scheme = {
  readonly name: keyof typeof SCHEMES;
  readonly texts: Texts;
};

/** Any scheme. */
export const scheme: fc.Arbitrary<Scheme> = fc.record({
  name: fc.constantFrom(...(Object.keys(SCHEMES) as Scheme['name'][])), // The names of the table.
  texts: fc.record({
    one: identityDocument,
    other: identityDocument,
    trust: trustDocument,
    bucket: bucketDocument(BUCKET.Bucket),
    otherBucket: bucketDocument(BUCKET.Bucket),
  }),
});

/** The most calls that a scheme is made of. */
export const MAX_CALLS = 7;

/** Returns the calls of the scheme, each with who makes it. One that AWS refuses is not made; the rest goes on. */
export function callsOf({ name, texts }: Scheme): readonly Call[] {
  const calls: readonly Call[] = SCHEMES[name](texts);
  return calls.map(({ by, act }) => ({ by, act: (clients) => refused(act(clients)) }));
}
