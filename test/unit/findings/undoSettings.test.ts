import { describe, expect, it } from 'vitest';
import { describeUndo } from '../../../shared/findings/describeUndo.ts';
import { makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetKind } from '../../../shared/targets/target.ts';

function holding(
  kind: TargetKind,
  arn: string,
  restoreHints: { readonly [name: string]: unknown },
  documents: { readonly [id: string]: string } = {},
): Snapshot {
  return makeSnapshot({
    target: { kind, arn, accountId: '111122223333', region: 'eu-west-1' },
    exists: true,
    parts: Object.entries(documents).map(([id, document]) => ({ id, role: 'resource', document })),
    restoreHints,
  });
}

const bucket = (hints: object) => holding('bucket-public-access-block', 'arn:aws:s3:::b', { ...hints });
const acl = (hints: { readonly grants: readonly object[]; readonly ownership?: string }) =>
  holding('bucket-acl', 'arn:aws:s3:::b', { acl: hints }, { ownership: hints.ownership ?? 'none' });
const key = (documents: { readonly [id: string]: string }) => holding('kms-key', 'arn:k', {}, documents);
const shared = (kind: TargetKind, arn: string, ...names: readonly string[]) =>
  holding(kind, arn, {}, Object.fromEntries(names.map((name) => [`shared-with:${name}`, '1'])));
const image = (...names: readonly string[]) =>
  shared('ec2-image-sharing', 'arn:aws:ec2:eu-west-1::image/ami-1', ...names);
const database = (...names: readonly string[]) =>
  shared('rds-snapshot-sharing', 'arn:aws:rds:eu-west-1:111122223333:snapshot:s', ...names);
const blocks = (snapshots: string, images: string) =>
  holding('ec2-block-public-access', 'arn:x', { snapshots, images });
const url = (hints: object) => holding('lambda-function-url', 'arn:f', { ...hints });
const profile = (hints: object) => holding('roles-anywhere-profile', 'arn:x:profile/p', { profile: hints });
const UNIT = 'arn:aws:organizations::111122223333:ou/o-1/ou-1';
const ROOT = 'arn:aws:organizations::111122223333:root/o-1/r-1';
/** Service control policies that are attached, and how a resource control policy is; none: they are switched off. */
const limitsOf = (arn: string, ids: readonly string[], resourceControl: readonly string[] = []) => {
  const part = (id: string, role: 'boundary' | 'limit') => ({ id, role, document: '{}' });
  const attached = ids.map((id) => part(`attached:${id}`, 'boundary'));
  return makeSnapshot({
    target: { kind: 'organizations-attachment', arn, accountId: '111122223333', region: 'us-east-1' },
    exists: true,
    parts: [
      ...(attached.length > 0 ? attached : [part('no-service-control-policy', 'boundary')]),
      ...resourceControl.map((id) => part(`attached:${id}`, 'limit')),
    ],
  });
};

describe('how to put a setting back by hand', () => {
  it.each<readonly [name: string, live: Snapshot, accepted: Snapshot, expected: string]>([
    [
      'a block that was there',
      bucket({ block: null }),
      bucket({ block: { BlockPublicAcls: true } }),
      `aws s3api put-public-access-block --bucket b --public-access-block-configuration '{"BlockPublicAcls":true}'`,
    ],
    [
      'a profile that was off',
      profile({ enabled: true }),
      profile({ enabled: false }),
      'aws rolesanywhere disable-profile --profile-id p',
    ],
    [
      'the only control policy of a unit, which cannot be detached before another is there',
      limitsOf(UNIT, ['p-wide']),
      limitsOf(UNIT, ['p-narrow']),
      'aws organizations attach-policy --policy-id p-narrow --target-id ou-1 && aws organizations detach-policy --policy-id p-wide --target-id ou-1',
    ],
    [
      'control policies that were switched off at the root: switched on, each target has the one that lets all pass',
      limitsOf(ROOT, []),
      limitsOf(ROOT, ['p-FullAWSAccess', 'p-deny']),
      'aws organizations enable-policy-type --policy-type SERVICE_CONTROL_POLICY --root-id r-1 && aws organizations attach-policy --policy-id p-deny --target-id r-1',
    ],
    [
      'control policies that were switched off for a unit that had only its own',
      limitsOf(UNIT, []),
      limitsOf(UNIT, ['p-narrow']),
      'aws organizations enable-policy-type --policy-type SERVICE_CONTROL_POLICY --root-id "$(aws organizations list-roots --query "Roots[0].Id" --output text)" && aws organizations attach-policy --policy-id p-narrow --target-id ou-1 && aws organizations detach-policy --policy-id p-FullAWSAccess --target-id ou-1',
    ],
    [
      'a resource control policy, and never that service control policies were off',
      limitsOf(UNIT, ['p-FullAWSAccess']),
      limitsOf(UNIT, [], ['p-perimeter']),
      'aws organizations attach-policy --policy-id p-perimeter --target-id ou-1',
    ],
    [
      'what sessions of a profile may do',
      profile({ enabled: true, managedPolicyArns: ['m'] }),
      profile({ enabled: true, roleArns: ['r1', 'r2'], managedPolicyArns: [], sessionPolicy: '{}' }),
      "aws rolesanywhere update-profile --profile-id p --role-arns r1 r2 --managed-policy-arns '[]' --session-policy file://before.json",
    ],
    [
      'an ACL that nobody may write while the owner owns every object',
      acl({ grants: [], ownership: 'BucketOwnerEnforced' }),
      acl({ grants: [{}], ownership: 'ObjectWriter' }),
      "aws s3api put-bucket-ownership-controls --bucket b --ownership-controls 'Rules=[{ObjectOwnership=ObjectWriter}]' && aws s3api put-bucket-acl --bucket b --access-control-policy file://before.json",
    ],
    [
      'a block that was not',
      bucket({ block: {} }),
      bucket({ block: null }),
      'aws s3api delete-public-access-block --bucket b',
    ],
    [
      'an ACL and its ownership',
      acl({ grants: [{}] }),
      acl({ grants: [], ownership: 'ObjectWriter' }),
      "aws s3api put-bucket-acl --bucket b --access-control-policy file://before.json && aws s3api put-bucket-ownership-controls --bucket b --ownership-controls 'Rules=[{ObjectOwnership=ObjectWriter}]'",
    ],
    [
      'an ACL of a bucket without ownership controls',
      acl({ grants: [{}], ownership: 'ObjectWriter' }),
      acl({ grants: [] }),
      'aws s3api put-bucket-acl --bucket b --access-control-policy file://before.json && aws s3api delete-bucket-ownership-controls --bucket b',
    ],
    [
      'a key policy and a grant',
      key({ document: '2', 'grant:g1': 'x', 'grant:g2': 'x' }),
      key({ document: '1', 'grant:g1': 'x' }),
      'aws kms put-key-policy --key-id arn:k --policy-name default --policy file://before.json && aws kms revoke-grant --key-id arn:k --grant-id g2',
    ],
    [
      'a URL',
      url({ url: { AuthType: 'NONE' } }),
      url({ url: { AuthType: 'AWS_IAM' } }),
      'aws lambda update-function-url-config --function-name arn:f --auth-type AWS_IAM',
    ],
    [
      'a URL that was not',
      url({ url: { AuthType: 'NONE' } }),
      url({ url: null }),
      'aws lambda delete-function-url-config --function-name arn:f',
    ],
    [
      'an image’s list',
      image('all', '1', UNIT),
      image('2'),
      `aws ec2 modify-image-attribute --image-id ami-1 --attribute launchPermission --operation-type remove --user-groups all --user-ids 1 --organizational-unit-arns ${UNIT} && aws ec2 modify-image-attribute --image-id ami-1 --attribute launchPermission --operation-type add --user-ids 2`,
    ],
    [
      'a database snapshot’s list',
      database('all', '1'),
      database('1'),
      'aws rds modify-db-snapshot-attribute --db-snapshot-identifier s --attribute-name restore --values-to-remove all',
    ],
    [
      'blocks of public snapshots and images',
      blocks('unblocked', 'block-new-sharing'),
      blocks('block-all-sharing', 'unblocked'),
      'aws ec2 enable-snapshot-block-public-access --state block-all-sharing && aws ec2 disable-image-block-public-access',
    ],
  ])('says %s', (_, live, accepted, expected) => {
    expect(describeUndo(live, accepted)).toBe(expected);
  });

  it('says nothing of settings that no read shows', () => {
    const { restoreHints: _, ...unread } = bucket({ block: {} });

    expect(describeUndo(bucket({ block: {} }), unread)).toMatch(/^no read shows the settings/);
  });
});
