/** Made policies that grow in one direction each, to show how the time grows with them. */

export type Scaling = {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly make: (size: number) => readonly [string, string];
};

const statement = (more: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more });
const policy = (statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const count = (size: number) => Array.from({ length: size }, (_, index) => index);
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789ABCD';

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
];
