import { describe, expect, it } from 'vitest';
import { adviceOn } from '../../../cli/config/advice.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';

const config = defaultConfig();
const seen = [
  {
    target: {
      kind: 'bucket-policy',
      arn: 'arn:aws:s3:::reports',
      accountId: '111122223333',
      region: 'us-east-1',
    },
    actors: ['arn:aws:iam::111122223333:role/deployer'],
  },
] as const;

describe('what is advised on a configuration', () => {
  it.each(['*', 'arn:aws:iam::*:*', 'arn:aws:iam::111122223333:role/*'])(
    'is to name roles where %s is exempt',
    (pattern) => {
      expect(adviceOn({ ...config, deployers: [pattern] }, undefined)).toEqual([
        `\`deployers\`: \`${pattern}\` matches everybody, so nothing is ever restored; name roles`,
      ]);
    },
  );

  it('is nothing on lists that name some, and none of them idle', () => {
    const deployers = ['arn:aws:iam::*:role/deploy*'];
    const targets = [{ match: 'arn:aws:s3:::*', mode: 'rollback' as const }];

    expect(adviceOn({ ...config, deployers, targets }, seen)).toEqual([]);
  });

  it('names each list that matches nothing in the store', () => {
    const expires = '2027-01-01T00:00:00.000Z';
    const idle = {
      deployers: ['arn:aws:iam::*:role/gone'],
      targets: [
        { match: '*', mode: 'observe' as const },
        { match: 'arn:aws:s3:::*', mode: 'rollback' as const },
      ],
      exceptions: [{ match: 'arn:aws:s3:::other', owner: 'ada', reason: 'site', expires }],
    };

    expect(adviceOn({ ...config, ...idle }, seen)).toEqual([
      '`deployers`: `arn:aws:iam::*:role/gone` matches nobody who caused a finding in the store',
      '`targets`: the rule `arn:aws:s3:::*` applies to no target in the store',
      '`exceptions`: `arn:aws:s3:::other` matches no target in the store',
    ]);
  });
});
