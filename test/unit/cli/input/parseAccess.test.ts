import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markGroups } from '../../../../cli/input/markGroups.ts';
import { notesOn, parseAccess } from '../../../../cli/input/parseAccess.ts';

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

  it('holds a group to the limits of the API', () => {
    const many = Array.from({ length: 101 }, (_, at) => `s3:A${at}`).join(',');
    const long = `arn:aws:s3:::${'b'.repeat(2_048)}`;

    expect(() => parse('--access', `actions=${many}`)).toThrow('holds 101 members; at most 100 are allowed');
    expect(() => parse('--access', `resources=${long}`)).toThrow('characters; at most 2048 are allowed');
    expect(parse('--access', `actions=${many.replace('s3:A0,', '')}`)[0]?.actions).toHaveLength(100);
  });

  it('keeps an equals sign inside a value', () => {
    expect(parse('--access', 'resources=arn:aws:s3:::a/b=c')).toEqual([
      { resources: ['arn:aws:s3:::a/b=c'] },
    ]);
  });

  it.each([
    ['actions=[s3:Get*,s3:Put*],resources=[*]'],
    ['actions=[s3:Get*, s3:Put*], resources=*'],
    [`actions='s3:Get*',"s3:Put*",resources='*'`],
    [`actions=["s3:Get*",'s3:Put*'],resources=["*"]`],
    ['actions = s3:Get* , s3:Put* , resources = *'],
    ['actions=[ s3:Get* ,\n s3:Put* ],\n resources=[ * ]'],
  ])('reads the shorthand %s of the aws command', (words) => {
    expect(parse('--access', words)).toEqual([{ actions: ['s3:Get*', 's3:Put*'], resources: ['*'] }]);
  });

  it.each([
    [String.raw`resources=arn:aws:s3:::a/b\,c`],
    [`resources='arn:aws:s3:::a/b,c'`],
    [String.raw`resources=[arn:aws:s3:::a/b\,c]`],
  ])('keeps the comma of a value in %s', (words) => {
    expect(parse('--access', words)).toEqual([{ resources: ['arn:aws:s3:::a/b,c'] }]);
  });

  it.each(['{"actions":["s3:*"]}', '[{"actions":["s3:*"]}]', 'actions=s3:*\n'])(
    'reads a file that holds %j',
    (text) => {
      const folder = mkdtempSync(join(tmpdir(), 'access-'));
      const file = join(folder, 'access');
      writeFileSync(file, text);

      expect(parse('--access', `file://${file}`)).toEqual([{ actions: ['s3:*'] }]);
      rmSync(folder, { recursive: true });
    },
  );

  it('keeps a backslash that stands before no comma and no quote', () => {
    expect(parse('--access', String.raw`resources=arn:aws:s3:::a\b,'arn:aws:s3:::c\'d\\e'`)).toEqual([
      { resources: [String.raw`arn:aws:s3:::a\b`, String.raw`arn:aws:s3:::c'd\e`] },
    ]);
  });

  it('takes a value from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'access-'));
    const file = join(folder, 'resource');
    writeFileSync(file, 'arn:aws:s3:::a/*\n');

    expect(parse('--access', `actions=s3:*,resources@=file://${file}`)).toEqual([
      { actions: ['s3:*'], resources: ['arn:aws:s3:::a/*'] },
    ]);
    rmSync(folder, { recursive: true });
  });

  it.each([
    'arn:aws:s3:::a/*',
    'arn:*:iam::*:role/admin-*',
    'arn:aws:sns:eu-west-?:1111*:t',
    'arn:aws-cn:s3:::a',
    'arn:aws:iam::aws:policy/*',
    'arn:aws:logs:*:111122223333:log-group:/a:*',
  ])('takes the resource %s', (resource) => {
    expect(parse('--access', `resources=${resource}`)).toEqual([{ resources: [resource] }]);
  });

  it.each([
    ['secret/*', 'six parts'],
    ['arn:aws:s3:secret/*', 'six parts'],
    ['arn:aws:iam::11112222333:role/R', 'account'],
    ['arn:aws:iam::1111222233334*:role/R', 'account'],
    ['arn:aws:s3:::', 'resource'],
    ['arn:aws:S3:::a', 'service'],
    ['arn:aws::::a', 'service'],
    ['arn:amazon:s3:::a', 'partition'],
    ['x:aws:s3:::a', 'first field'],
    ['arn:aws:sns:EU West:111122223333:t', 'Region'],
    ['arn:aws:lambda:*:function:f', 'account'],
  ])('refuses the resource %s, naming its %s', (resource, part) => {
    expect(() =>
      parse('--access', JSON.stringify({ actions: ['s3:*'], resources: ['*', resource] })),
    ).toThrow(new RegExp(`resources\\[1\\].*${part}`));
  });

  it.each([
    [['--access'], '`actions=…`'],
    [['--access', 'actions=[s3:a'], 'without its `]`'],
    [['--access', "actions='s3:a"], 'does not end'],
    [['--access', 'actions=[s3:a]s3:b'], 'after a `]`'],
    [['--access', 'file:///no/such/file'], 'no such file'],
    [['--access', 'actions=[]'], 'must not be empty'],
    [['--access', 'actions=s3:Get Object'], 'service:Name'],
    [['--access', 's3:DeleteBucket'], 'is in no list'],
    [['--access', 'actions='], 'an empty name must be written `service:Name`'],
    [['--access', 'actions=DeleteBucket'], 'service:Name'],
    [['--access', 'action=s3:DeleteBucket'], '`action` is neither'],
    [['--access', 'actions=s3:a', 'actions=s3:b'], 'twice in one group'],
    [['--access', '{}'], '`actions` or `resources`'],
    [['--access', '[]'], '`actions` or `resources`'],
    [['--access', 'actions=s3:a', '--access', '[]'], '`actions` or `resources`'],
    [['--access', ''], 'an empty name is in no list'],
    [['--access', "actions=['']"], '`actions[0]`: an empty name'],
    [['--access', '{"actions":'], 'not JSON'],
    [['--access', '{"actions":["s3:a"],"actions":["s3:b"]}'], '`actions` is written twice in one object'],
    [['--access', '{"actions":["s3:a"]}', 'resources=*'], 'must be the only word'],
  ])('refuses %j', (argv, message) => {
    expect(() => parse(...argv)).toThrow(message);
  });

  it.each([
    ['arn:aws:s3::111122223333:b/*', '`111122223333` for its account'],
    ['arn:aws:s3:eu-west-1::b', '`eu-west-1` for its Region'],
    ['arn:aws:iam:us-east-1:111122223333:role/x', '`us-east-1` for its Region'],
    ['arn:aws:iam:*-1:111122223333:user/*', '`*-1` for its Region'],
    ['arn:aws:route53::111122223333:hostedzone/Z1', '`111122223333` for its account'],
    ['arn:aws:apigateway:eu-west-1:111122223333:/restapis/a', '`111122223333` for its account'],
  ])('refuses %s, which no resource can be', (resource, problem) => {
    expect(() => parse('--access', `resources=${resource}`)).toThrow(problem);
  });

  it.each([
    'arn:aws:s3:::b/*',
    'arn:aws:s3:eu-west-1:111122223333:accesspoint/a',
    'arn:aws:s3::111122223333:accesspoint/a.mrap',
    'arn:aws:s3:*:*:b/*',
    'arn:aws:iam::*:role/x',
    'arn:aws:iam::aws:policy/AdministratorAccess',
    'arn:aws:sqs:eu-west-1:111122223333:q',
    'arn:aws:s3:eu-west-1:111122223333:*',
    'arn:*:*:eu-west-1:111122223333:role/x',
    'arn:aws:new-service:eu-west-1:111122223333:widget/x',
    'arn:aws:iam::111122223333:new-type/x',
  ])('takes %s', (resource) => {
    expect(parse('--access', `resources=${resource}`)).toEqual([{ resources: [resource] }]);
  });
});

describe('notesOn', () => {
  it('tells of actions that the reference does not know, and takes them', () => {
    const actions = [
      's3:GetObjekt',
      's3:GetObject',
      's3:Get*',
      's3:Fetch*',
      'nosuch:Get',
      '*',
      'S3:getobject',
    ];

    expect(notesOn([{ actions }])).toEqual([
      'the listed action `s3:GetObjekt` is no action that the Service Authorization Reference has; is it spelled so?',
      'the listed action `s3:Fetch*` is no action that the Service Authorization Reference has; is it spelled so?',
      'the listed action `nosuch:Get` is of `nosuch`, a service that the Service Authorization Reference lacks; is it spelled so?',
    ]);
  });

  it.each([
    [['iam:PassRole'], ['arn:aws:s3:::b/*']],
    [['ec2:DescribeInstances'], ['arn:aws:ec2:*:*:instance/*']],
    [
      ['s3:Get*', 's3:Put*'],
      ['arn:aws:sqs:eu-west-1:111122223333:q', 'arn:aws:sns:eu-west-1:111122223333:t'],
    ],
  ])('tells that %j is never asked about on %j', (actions, resources) => {
    expect(notesOn([{ actions, resources }])).toEqual([expect.stringContaining('takes such a resource')]);
  });

  it.each([
    [['iam:PassRole'], ['arn:aws:s3:::b/*', 'arn:aws:iam::*:role/*']],
    [['sts:AssumeRole'], ['arn:aws:iam::111122223333:role/x']],
    [['s3:*', 'iam:PassRole'], ['arn:aws:s3:::b/*']],
    [['*'], ['arn:aws:s3:::b/*']],
    [['s3:ListAllMyBuckets'], ['*']],
    [['logs:PutLogEvents'], ['arn:aws:logs:*:111122223333:log-group:/a:*']],
  ])('says nothing of %j on %j', (actions, resources) => {
    expect(notesOn([{ actions, resources }])).toEqual([]);
  });

  it('says nothing of a resource of an action that the reference lacks', () => {
    expect(notesOn([{ actions: ['s3:AnActionOfNextYear'], resources: ['arn:aws:sqs:*:*:q'] }])).toHaveLength(
      1,
    );
  });
});
