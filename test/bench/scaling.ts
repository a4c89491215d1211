/** Made policies that grow in one direction each, to show how the time grows with them. */

import type { PolicyType } from '../../shared/policy/ast.ts';

/** JSON texts; several documents act together. */
export type Side = { readonly documents: readonly string[]; readonly boundary?: string };

export type Scaling = {
  readonly name: string;
  readonly sizes: readonly number[];
  /** IDENTITY_POLICY where absent. */
  readonly policyType?: PolicyType;
  readonly make: (size: number) => readonly [Side, Side];
};

const statement = (more: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more });
const document = (statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const policy = (statements: readonly object[]): Side => ({ documents: [document(statements)] });
const count = (size: number) => Array.from({ length: size }, (_, index) => index);
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789ABCD';

const SERVICES = ['s3', 'ec2', 'iam', 'kms', 'lambda', 'sns', 'sqs', 'dynamodb', 'rds', 'ecs'];
const everything = { Effect: 'Allow', Action: '*', Resource: '*' };

/** A guardrail as people write them, of four kinds in turn: NotAction and a tag, NotResource and a role, addresses, a service. */
function deny(n: number, more: { readonly tags?: readonly string[] } = {}): object {
  const service = SERVICES[n % SERVICES.length];
  switch (n % 4) {
    case 0:
      return {
        Effect: 'Deny',
        NotAction: [`${service}:Get*`, `${service}:List*`, `${service}:Describe*`, 'sts:*'],
        Resource: `arn:aws:${service}:*:*:prod-${n}-*`,
        Condition: {
          StringNotEquals: { 'aws:PrincipalTag/env': [`prod-${n}`, 'ops', ...(more.tags ?? [])] },
        },
      };
    case 1:
      return {
        Effect: 'Deny',
        Action: [`${service}:Delete*`, `${service}:Put*`],
        NotResource: [
          `arn:aws:${service}:*:111122223333:*/dev-${n}-*`,
          `arn:aws:${service}:*:111122223333:sandbox*`,
        ],
        Condition: {
          StringNotLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/admin-${n}*` },
          Bool: { 'aws:MultiFactorAuthPresent': 'false' },
        },
      };
    case 2:
      return {
        Effect: 'Deny',
        Action: `${service}:*`,
        Resource: '*',
        Condition: {
          NotIpAddress: { 'aws:SourceIp': [`10.${n}.0.0/16`, `192.0.2.${n}/32`] },
          StringNotEqualsIfExists: { 'aws:SourceVpce': [`vpce-${n}`] },
        },
      };
    default:
      return {
        Effect: 'Deny',
        NotAction: [`${service}:*`, 'iam:*'],
        Resource: '*',
        Condition: {
          StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', `eu-${n}`] },
          ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/path-${n}/*` },
        },
      };
  }
}

const denies = (size: number) => count(size).map((n) => deny(n));

/** Tags of a resource that must equal the principal's. */
function tags(size: number, renamed?: number): object {
  const pairs = count(size).map((n) => [
    `aws:ResourceTag/k${n}`,
    `$\u007baws:PrincipalTag/k${n === renamed ? (n + 1) % Math.max(2, size) : n}}`,
  ]);
  return { Condition: { StringEquals: Object.fromEntries(pairs) } };
}

const role = (n: number) => `arn:aws:iam::${String(111122223333 + n)}:role/r${n}`;
const trusted = (principals: readonly string[], more: object = {}) =>
  statement({ Principal: { AWS: principals }, Resource: 'arn:aws:s3:::b/*', ...more });

/** Each gives an existing and a new policy; the new one repeats the old in another shape and adds one thing. */
export const SCALINGS: readonly Scaling[] = [
  {
    name: 'statements',
    sizes: [1, 10, 100, 500, 1000, 2000],
    make: (size) => {
      const all = count(size).map((n) =>
        statement({ Action: `s3:Act${n}*`, Resource: `arn:aws:s3:::bucket-${n}/*` }),
      );
      return [
        policy(all),
        policy([...all, statement({ Action: 's3:Act0x', Resource: 'arn:aws:s3:::bucket-0/a*' })]),
      ];
    },
  },
  {
    name: 'actions',
    sizes: [1, 10, 100, 1000, 5000],
    make: (size) => {
      const actions = count(size).map((n) => `ec2:Action${n}`);
      return [
        policy([statement({ Action: actions })]),
        policy([statement({ Action: [...actions, 'ec2:Another'] })]),
      ];
    },
  },
  {
    name: 'infix wildcards',
    sizes: [1, 2, 5, 10, 20, 40],
    make: (size) => {
      const globs = [...LETTERS].slice(0, size).map((letter) => `s3:*${letter}*`);
      const resources = [...LETTERS].slice(0, size).map((letter) => `arn:aws:s3:::*${letter}*`);
      return [
        policy([statement({ Action: globs, Resource: resources })]),
        policy([
          statement({
            Action: [...globs].reverse().map((glob) => `${glob}x*`),
            Resource: [...resources].reverse(),
          }),
        ]),
      ];
    },
  },
  {
    name: 'condition keys',
    sizes: [1, 2, 5, 10, 20, 50],
    make: (size) => {
      const keys = (value: string) =>
        Object.fromEntries(count(size).map((n) => [`aws:RequestTag/k${n}`, [`${value}${n}`, 'other']]));
      return [
        policy([statement({ Condition: { StringLike: keys('v*') } })]),
        policy([
          statement({ Condition: { StringEquals: keys('v1') } }),
          statement({ Condition: { StringLike: keys('w*') } }),
        ]),
      ];
    },
  },
  {
    name: 'Denies, one with another tag',
    sizes: [1, 5, 10, 20, 40, 80],
    make: (size) => [
      policy([everything, ...denies(size)]),
      policy([everything, ...denies(size).with(0, deny(0, { tags: ['dev'] }))]),
    ],
  },
  {
    name: 'Denies, one fewer',
    sizes: [1, 5, 10, 20, 40, 80],
    make: (size) => [
      policy([everything, ...denies(size)]),
      policy([everything, ...denies(size).toSpliced(size >> 1, 1)]),
    ],
  },
  {
    name: 'Denies in another order, said anew',
    sizes: [1, 5, 10, 20, 40, 80],
    make: (size) => [
      policy([everything, ...denies(size)]),
      policy([
        { ...everything, Action: ['*', 's3:*'] },
        ...denies(size).reverse(),
        deny(0, { tags: ['ops'] }),
      ]),
    ],
  },
  {
    name: 'variables, one renamed',
    sizes: [1, 2, 4, 8, 12],
    make: (size) => [policy([statement(tags(size))]), policy([statement(tags(size, size >> 1))])],
  },
  {
    name: 'variables, one more',
    sizes: [1, 2, 4, 8, 12],
    make: (size) => [policy([statement(tags(size - 1))]), policy([statement(tags(size))])],
  },
  {
    name: 'variables in folders',
    sizes: [1, 2, 4, 8, 12],
    make: (size) => {
      const folders = (names: readonly number[]) =>
        names.map((n) => `$\u007baws:PrincipalTag/k${n}}`).join('/');
      const resource = (names: readonly number[]) => ({ Resource: `arn:aws:s3:::b/${folders(names)}/*` });
      return [
        policy([statement({ ...tags(size), ...resource(count(size)) })]),
        policy([statement({ ...tags(size), ...resource(count(size).reverse()) })]),
      ];
    },
  },
  {
    name: 'principals, one more',
    sizes: [1, 10, 50, 100, 200],
    policyType: 'RESOURCE_POLICY',
    make: (size) => [
      policy([trusted(count(size).map(role))]),
      policy([trusted(count(size).map(role)), trusted([role(size)])]),
    ],
  },
  {
    name: 'principals, all but them denied',
    sizes: [1, 10, 50, 100, 200],
    policyType: 'RESOURCE_POLICY',
    make: (size) => {
      const guard = (names: readonly string[]) => ({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: '*',
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': names } },
      });
      const roles = count(size).map(role);
      const open = statement({ Principal: '*', Resource: 'arn:aws:s3:::b/*' });
      return [policy([open, guard(roles)]), policy([open, guard([...roles, role(size)])])];
    },
  },
  {
    name: 'statements, each narrowed',
    sizes: [1, 10, 50, 100, 200, 400, 800],
    make: (size) => {
      const all = (more: object) =>
        count(size).map((n) => statement({ Resource: `arn:aws:s3:::bucket-${n}/*`, ...more }));
      return [policy(all({})), policy(all({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }))];
    },
  },
  {
    name: 'documents within a boundary',
    sizes: [1, 5, 10, 20],
    make: (size) => {
      const all = (more: object) =>
        count(size).map((n) =>
          document([
            statement({
              Action: [`s3:Get*`, `ec2:Act${n}*`],
              Resource: `arn:aws:s3:::bucket-${n}/*`,
              ...more,
            }),
            deny(n),
          ]),
        );
      const boundary = document([{ ...everything, Action: ['s3:*', 'ec2:*'] }, ...denies(size)]);
      return [
        { documents: all({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), boundary },
        { documents: all({}), boundary },
      ];
    },
  },
];
