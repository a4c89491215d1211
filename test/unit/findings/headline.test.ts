import { describe, expect, it } from 'vitest';
import type { Request } from '../../../shared/evaluator/request.ts';
import type { AddedAccess } from '../../../shared/findings/finding.ts';
import { describeConsequence } from '../../../shared/findings/headline.ts';
import type { TargetRef } from '../../../shared/targets/target.ts';
import { bucket } from './aFinding.ts';

const role: TargetRef = {
  ...bucket,
  kind: 'iam-principal',
  arn: 'arn:aws:iam::111122223333:role/app/Deploy',
};
const trust: TargetRef = { ...bucket, kind: 'role-trust', arn: 'arn:aws:iam::111122223333:role/payments' };
const request: Request = { action: 's3:GetObject', resource: '*', context: {} };
const by = (value: string, more: Partial<Request> = {}): Request => ({
  ...request,
  principal: { type: 'AWS', value },
  ...more,
});
const line = (more: Partial<AddedAccess>): AddedAccess => ({
  grade: 'LOW',
  service: 's3',
  level: 'Read',
  isOnEverything: false,
  actions: ['s3:Get*'],
  resources: ['arn:aws:s3:::reports/*'],
  call: request,
  ...more,
});

describe('the title of what an identity policy adds', () => {
  const say = (more: Partial<Parameters<typeof describeConsequence>[1]> = {}) =>
    describeConsequence('no-new-access', { witness: request, target: role, ...more });

  it('names the holder, and the calls as the statements write them', () => {
    expect(say({ added: [line({})] })).toBe(
      'role `Deploy` can now call `s3:Get*` on `arn:aws:s3:::reports/*`',
    );
  });

  it('says everything where the statements do', () => {
    const everything = line({ actions: ['*'], resources: ['*'], isOnEverything: true });

    expect(say({ added: [everything] })).toBe('role `Deploy` can now call everything on everything');
    expect(say({ added: [{ ...everything, actions: ['everything but iam:*'] }] })).toContain(
      'call everything but iam:* on everything',
    );
  });

  it('names three of many, and the services in which there is more', () => {
    const actions = ['s3:GetObject', 's3:GetBucketTagging', 's3:ListBucket', 's3:PutObject'];

    expect(say({ added: [line({ actions }), line({ service: 'sqs' }), line({ service: 'sqs' })] })).toBe(
      'role `Deploy` can now call `s3:GetObject`, `s3:GetBucketTagging`, `s3:ListBucket` and 1 more on ' +
        '`arn:aws:s3:::reports/*`, and more in `sqs`',
    );
  });

  it('claims of a lost Deny only what it let through', () => {
    const all = line({ actions: ['*'], resources: ['*'], isOnEverything: true });

    expect(say({ added: [all], isLoss: true })).toBe(
      'role `Deploy` can now call `s3:GetObject`, which a Deny or a limit stopped before',
    );
  });

  it('claims beneath a boundary or a Deny no more than they let through', () => {
    const all = line({ actions: ['*'], resources: ['*'], isOnEverything: true });

    expect(say({ added: [all], isBounded: true })).toBe(
      'role `Deploy` can now call `s3:GetObject`, within its permissions boundary',
    );
    expect(say({ added: [all], isDenied: true })).toBe(
      'role `Deploy` can now call everything on everything, except what a Deny stops',
    );
  });

  it('names no example of a resource', () => {
    const witness = { ...request, resource: 'arn:aws:s3:::reports-example/example' };
    const texts = ['{"Resource":"arn:aws:s3:::reports-*"}'];

    expect(say({ witness, texts })).toBe('role `Deploy` can now call `s3:GetObject`');
    expect(say({ witness: { ...request, resource: 'arn:aws:s3:::reports-*' }, texts })).toContain(
      'reports-*',
    );
  });

  it('says where no call makes use of it', () => {
    expect(say({ possible: false })).toBe(
      'more is written in the permissions of role `Deploy`, but no documented AWS call could use it: `s3:GetObject`',
    );
  });

  it('names the list of critical access, and all that it is about', () => {
    const witness = {
      ...request,
      action: 'iam:PutUserPolicy',
      resource: 'arn:aws:iam::111122223333:user/named-by-no-statement',
    };

    expect(describeConsequence('access-not-granted', { witness, target: role, listName: 'payroll' })).toBe(
      'role `Deploy` has critical access (payroll): it may call `iam:PutUserPolicy` on `arn:aws:iam::111122223333:user/*`',
    );
    expect(
      describeConsequence('access-not-granted', { witness, target: role, listName: 'administration' }),
    ).toContain('role `Deploy` can make anybody an administrator: it may call');
  });
});

describe('the title of what a policy of a resource adds', () => {
  const external = (witness: Request, ...texts: string[]) =>
    describeConsequence('no-external-access', { witness, target: trust, texts });

  it('names the target, and nobody twice', () => {
    const arn = 'arn:aws:iam::444455556666:role/x';

    expect(external(by(arn, { action: 'sts:AssumeRole', resource: trust.arn }), `{"AWS":"${arn}"}`)).toBe(
      `access from outside the zone of trust through the trust policy of \`payments\`: \`${arn}\` can call \`sts:AssumeRole\``,
    );
  });

  it('names the account where the policy names only that', () => {
    const witness = by('arn:aws:iam::444455556666:user/Alice');

    expect(external(witness, '{"AWS":"arn:aws:iam::444455556666:root"}')).toContain(
      ': account `444455556666` can call',
    );
    expect(external(witness, '{"AWS":"*"}')).toContain(': any account can call');
  });

  it('names the organization where the policy asks for one', () => {
    const witness = by('arn:aws:iam::999999999999:root', {
      context: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] },
    });

    expect(external(witness, '{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}')).toContain(
      ': members of `o-a1b2c3d4e5` can call `s3:GetObject`',
    );
  });

  it('speaks of the account itself without an example of its principals', () => {
    const witness = by('arn:aws:iam::111122223333:user/Alice');

    expect(describeConsequence('no-new-access', { witness, target: bucket, texts: ['{"AWS":"*"}'] })).toBe(
      'new access through the bucket policy of `reports`: principals of the account itself can call `s3:GetObject`',
    );
  });

  it('calls nobody without credentials who needs them', () => {
    const say = (action: string) =>
      describeConsequence('no-public-access', {
        witness: { ...request, action, principal: { type: 'Anonymous', value: '' } },
        target: bucket,
      });

    expect(say('s3:GetObject')).toBe(
      'public access through the bucket policy of `reports`: anyone, without credentials, can call `s3:GetObject`',
    );
    expect(say('kms:Decrypt')).toContain('everyone can call');
  });

  it('says everyone where a stranger of any account stands for all', () => {
    const say = (...texts: string[]) =>
      describeConsequence('no-public-access', {
        witness: by('arn:aws:iam::999999999999:root'),
        target: bucket,
        texts,
      });

    expect(say('{"AWS":"*"}')).toContain(': everyone can call');
    expect(say('{"aws:PrincipalAccount":"999999999999"}')).toContain(': account `999999999999` can call');
  });

  it('says conditions as the policy does, and of others what they are about', () => {
    const context = {
      'aws:SourceAccount': ['111122223333'],
      'aws:SourceArn': ['arn:aws:ecs:eu-west-1:111122223333:x'],
      'aws:PrincipalType': ['Account'],
    };
    const service = { type: 'Service', value: 'ecs-tasks.amazonaws.com' } as const;

    expect(
      external(
        { ...request, principal: service, context },
        '{"Service":"ecs-tasks.amazonaws.com"}{"aws:SourceAccount":"111122223333"}{"aws:SourceArn":"arn:aws:ecs:*"}',
      ),
    ).toMatch(
      /: the service `ecs-tasks.amazonaws.com` can call `s3:GetObject`, when `aws:SourceAccount` is `111122223333`, under conditions on `aws:SourceArn`$/,
    );
  });

  it('says of a block of public access what it no longer stops', () => {
    const target: TargetRef = { ...bucket, kind: 'bucket-public-access-block' };
    const witness = {
      ...request,
      principal: { type: 'Anonymous', value: '' },
      context: { 'ratchet:GrantedBy': ['acl'] },
    } as const;

    expect(describeConsequence('no-new-access', { witness, target })).toBe(
      'the public access block of `reports` no longer stops public ACLs',
    );
  });
});
