import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCommand } from './command.ts';

const { folder, run } = builtCommand();

const statement = { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: 'arn:aws:s3:::b*' };
const POLICY = { Version: '2012-10-17', Statement: [statement] };
const WIDER = { ...POLICY, Statement: [{ ...statement, Sid: 'Wide', Action: 's3:*' }] };
const aa = (...words: string[]) => run(['accessanalyzer', ...words]);
const IDENTITY = ['--policy-type', 'IDENTITY_POLICY'];

beforeAll(() => {
  writeFileSync(join(folder, 'myfile.json'), JSON.stringify(POLICY));
  writeFileSync(join(folder, 'wider.json'), JSON.stringify(WIDER));
  writeFileSync(
    join(folder, 'input.json'),
    JSON.stringify({
      existingPolicyDocument: JSON.stringify(POLICY),
      newPolicyDocument: JSON.stringify(WIDER),
      policyType: 'IDENTITY_POLICY',
    }),
  );
});

describe('in the place of `aws accessanalyzer`', () => {
  // AWS CLI Command Reference, check-access-not-granted, Examples: the same flags and output.
  it('answers the published example as AWS does', async () => {
    const { status, stdout, stderr } = await aa(
      'check-access-not-granted',
      '--policy-document',
      'file://myfile.json',
      '--access',
      'actions=s3:DeleteBucket,s3:GetBucketLocation',
      ...IDENTITY,
    );

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(`{
    "result": "PASS",
    "message": "The policy document does not grant access to perform one or more of the listed actions."
}
`);
  });

  it('answers FAIL with status 0, since the service answered', async () => {
    const { status, stdout } = await aa(
      'check-no-new-access',
      '--existing-policy-document',
      'file://myfile.json',
      '--new-policy-document',
      'file://wider.json',
      ...IDENTITY,
    );

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      result: 'FAIL',
      message: 'The modified permissions grant new access compared to your existing policy.',
      reasons: [
        {
          description: 'New access in the statement with sid: Wide.',
          statementIndex: 0,
          statementId: 'Wide',
        },
      ],
    });
  });

  it('takes the whole request from a file', async () => {
    const { stdout } = await aa('check-no-new-access', '--cli-input-json', 'file://input.json');

    expect(JSON.parse(stdout)).toMatchObject({ result: 'FAIL' });
  });

  it('lets a flag go before the whole request', async () => {
    const { stdout } = await aa(
      'check-no-new-access',
      '--cli-input-json',
      'file://input.json',
      '--new-policy-document',
      'file://myfile.json',
    );

    expect(JSON.parse(stdout)).toMatchObject({ result: 'PASS' });
  });

  it('answers a script that asks for one word', async () => {
    const { stdout } = await aa(
      'check-no-public-access',
      '--policy-document',
      JSON.stringify({ ...POLICY, Statement: [{ ...statement, Principal: '*' }] }),
      '--resource-type',
      'AWS::S3::Bucket',
      '--query',
      'result',
      '--output',
      'text',
      '--region',
      'eu-west-1',
    );

    expect(stdout).toBe('FAIL\n');
  });

  it('names a missing argument, with the status of a wrong command line', async () => {
    const { status, stdout, stderr } = await aa(
      'check-no-public-access',
      '--resource-type',
      'AWS::S3::Bucket',
    );

    expect({ status, stdout }).toEqual({ status: 252, stdout: '' });
    expect(stderr).toContain('the following arguments are required: --policy-document');
  });

  it('refuses an unknown flag with the status of a wrong command line', async () => {
    const { status, stderr } = await aa(
      'check-no-new-access',
      '--cli-input-json',
      'file://input.json',
      '--hm',
    );

    expect(status).toBe(252);
    expect(stderr).toContain('Unknown options: --hm');
  });

  const refused: readonly [string, string[], string][] = [
    [
      'a document that is no policy',
      [
        'check-no-public-access',
        '--policy-document',
        '{"Statement": 1}',
        '--resource-type',
        'AWS::S3::Bucket',
      ],
      'An error occurred (InvalidParameterException) when calling the CheckNoPublicAccess operation: policyDocument',
    ],
    [
      'a resource type that the API does not list',
      [
        'check-no-public-access',
        '--policy-document',
        'file://myfile.json',
        '--resource-type',
        'AWS::S3::Pail',
      ],
      'An error occurred (ValidationException) when calling the CheckNoPublicAccess operation: ',
    ],
    [
      'more than one object of access',
      [
        'check-access-not-granted',
        '--policy-document',
        'file://myfile.json',
        ...IDENTITY,
        '--access',
        '[{"actions": ["s3:GetObject"]}, {"actions": ["s3:PutObject"]}]',
      ],
      'An error occurred (ValidationException) when calling the CheckAccessNotGranted operation: ',
    ],
  ];
  for (const [what, words, message] of refused) {
    it(`refuses ${what} as the service does`, async () => {
      const { status, stdout, stderr } = await aa(...words);

      expect({ status, stdout }).toEqual({ status: 254, stdout: '' });
      expect(stderr).toContain(message);
    });
  }

  it('reads and writes YAML', async () => {
    const input = `existingPolicyDocument: '${JSON.stringify(WIDER)}'
newPolicyDocument: '${JSON.stringify(POLICY)}'
policyType: IDENTITY_POLICY
`;
    const { status, stdout, stderr } = await aa(
      'check-no-new-access',
      '--cli-input-yaml',
      input,
      '--output',
      'yaml',
    );

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^result: PASS\nmessage: /);
  });

  it('refuses an operation that it does not have with the status of the AWS CLI, and names those it has', async () => {
    const { status, stdout, stderr } = await aa('list-analyzers');

    expect({ status, stdout }).toEqual({ status: 252, stdout: '' });
    expect(stderr).toContain(
      "argument operation: Found invalid choice 'list-analyzers'; choose from check-no-new-access",
    );
  });
});
