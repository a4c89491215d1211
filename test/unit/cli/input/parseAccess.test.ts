import { describe, expect, it } from 'vitest';
import { markGroups, parseAccess } from '../../../../cli/input/parseAccess.ts';

/** As the command line hands them over: all the words after `--access`, with the marks. */
function parse(...argv: string[]) {
  return parseAccess(markGroups(argv).filter((word) => word !== '--access'));
}

describe('parseAccess', () => {
  it('reads the lists of one group, divided by commas and spaces', () => {
    expect(parse('--access', 'actions=s3:DeleteBucket,iam:PassRole', 'resources=arn:aws:s3:::a')).toEqual([
      { actions: ['s3:DeleteBucket', 'iam:PassRole'], resources: ['arn:aws:s3:::a'] },
    ]);
  });

  it('reads a list that begins after a comma, as the aws command writes it', () => {
    expect(parse('--access', 'actions=s3:Get*,s3:Put*,resources=*')).toEqual([
      { actions: ['s3:Get*', 's3:Put*'], resources: ['*'] },
    ]);
  });

  it('keeps the groups of several --access apart', () => {
    expect(parse('--access', 'actions=s3:*', '--access=resources=*')).toEqual([
      { actions: ['s3:*'] },
      { resources: ['*'] },
    ]);
  });

  it('takes JSON, one group or a list of them', () => {
    expect(parse('--access', '{"actions":["s3:*"]}', '--access', '[{"resources":["*"]}]')).toEqual([
      { actions: ['s3:*'] },
      { resources: ['*'] },
    ]);
  });

  it('keeps an equals sign inside a value', () => {
    expect(parse('--access', 'resources=arn:aws:s3:::a/b=c')).toEqual([
      { resources: ['arn:aws:s3:::a/b=c'] },
    ]);
  });

  it.each([
    [['--access'], '`actions=…`'],
    [['--access', 's3:DeleteBucket'], 'belongs to no list'],
    [['--access', 'actions='], 'must not be empty'],
    [['--access', 'actions=DeleteBucket'], 'service:Name'],
    [['--access', 'action=s3:DeleteBucket'], '`action` is neither'],
    [['--access', 'actions=s3:a', 'actions=s3:b'], 'twice in one group'],
    [['--access', '{}'], '`actions` or `resources`'],
    [['--access', '{"actions":'], 'not JSON'],
    [['--access', '{"actions":["s3:a"]}', 'resources=*'], 'stand alone'],
  ])('refuses %j', (argv, message) => {
    expect(() => parse(...argv)).toThrow(message);
  });
});
