import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCommand } from './command.ts';

const { folder, run } = builtCommand();

const OLD = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};
const NEW = {
  Version: '2012-10-17',
  Statement: [...OLD.Statement, { Sid: 'Wide', Effect: 'Allow', Action: 's3:DeleteBucket', Resource: '*' }],
};
const BUCKET = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' }],
};
const IDENTITY = ['--policy-type', 'IDENTITY_POLICY'];

function put(name: string, content: unknown): void {
  writeFileSync(
    join(folder, name),
    typeof content === 'string' ? content : JSON.stringify(content, undefined, 2),
  );
}

function compare(existing: string, updated: string, ...more: string[]): string[] {
  return [
    'check-no-new-access',
    '--existing-policy-document',
    existing,
    '--new-policy-document',
    updated,
    ...IDENTITY,
    ...more,
  ];
}

beforeAll(() => {
  put('old.json', OLD);
  put('new.json', NEW);
  put('bucket.json', BUCKET);
});

describe('a check', () => {
  it('says PASS and ends with status 0', async () => {
    const { status, stdout, stderr } = await run(compare('new.json', 'old.json'));

    expect(stdout).toMatch(/^PASS {2}The modified permissions do not grant new access/);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('says FAIL, quotes the statement, shows a request and ends with status 1', async () => {
    const { status, stdout } = await run(compare('old.json', 'new.json'));

    expect(stdout).toMatch(/^FAIL {2}The modified permissions grant new access compared to your existing\n/);
    expect(stdout).toContain('New access in the statement with sid: Wide.\n  new.json:9\n');
    expect(stdout).toContain('  12 |   "Action": "s3:DeleteBucket",\n');
    expect(stdout).toMatch(/action +s3:DeleteBucket/);
    expect(status).toBe(1);
  });

  it('ends with status 3 when nothing is known', async () => {
    // Two texts that each begin with the other are equal; the finite decider does not see that.
    const tag = (key: string) => `aws:PrincipalTag/${key}`;
    const value = (key: string) => ['$', '{', tag(key), '}'].join('');
    const named = (key: string, more: object = {}) =>
      JSON.stringify({
        ...OLD,
        Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::h/${value(key)}/*`, ...more }],
      });
    const condition = {
      Condition: { StringLike: { [tag('a')]: `${value('b')}*`, [tag('b')]: `${value('a')}*` } },
    };

    const { status, stdout } = await run(compare(named('a'), named('b', condition), '--solver', 'atoms'));

    expect(stdout).toMatch(/^UNKNOWN/);
    expect(status).toBe(3);
  });

  it('fails on access that no call makes use of, and passes it with a note where only possible requests count', async () => {
    const listing = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::a/*' };
    const args = compare('old.json', JSON.stringify({ ...OLD, Statement: [...OLD.Statement, listing] }));

    const strict = await run(args);
    const lenient = await run([...args, '--only-possible']);

    expect(strict.stdout).toContain('No documented AWS call could use it');
    expect(strict.status).toBe(1);
    expect(lenient.stdout).toMatch(
      /^PASS[\s\S]*Note: [\s\S]*no\s+documented\s+AWS\s+call\s+could\s+use\s+it/,
    );
    expect(lenient.status).toBe(0);
  });

  it('writes the whole verdict as JSON', async () => {
    const { status, stdout } = await run(compare('old.json', 'new.json', '--output', 'json'));

    expect(JSON.parse(stdout)).toMatchObject({
      result: 'FAIL',
      reasons: [{ statementIndex: 1, statementId: 'Wide' }],
      witness: { action: 's3:DeleteBucket' },
    });
    expect(status).toBe(1);
  });

  it('takes documents from standard input, with file:// before them, and written out', async () => {
    const written = JSON.stringify(OLD);

    expect((await run(compare('-', 'file://new.json'), { stdin: `\ufeff${written}` })).status).toBe(1);
    expect((await run(compare(`file://${folder}/old.json`, written))).status).toBe(0);
  });

  it('keeps to 80 columns and uses no colour in a pipe', async () => {
    const { stdout } = await run(compare('old.json', 'new.json'), {
      env: { COLUMNS: '200' },
    });

    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toContain('\u001b');
  });

  it('keeps its status when nobody reads the answer', async () => {
    const { status, stderr } = await run(compare('old.json', 'new.json'), { hangUpAfterBytes: 0 });

    expect(stderr).toBe('');
    expect(status).toBe(1);
  });

  it.each([
    [
      'check-access-not-granted',
      '--policy-document',
      'new.json',
      ...IDENTITY,
      '--access',
      'actions=s3:DeleteBucket',
    ],
    ['check-no-public-access', '--policy-document', 'bucket.json', '--resource-type', 'AWS::S3::Bucket'],
    ['check-no-external-access', '--policy-document', 'bucket.json', '--trusted-accounts', '111122223333'],
  ])('%s finds what it looks for', async (...args) => {
    expect(await run(args)).toMatchObject({ status: 1, stdout: expect.stringMatching(/^FAIL/) });
  });

  it('takes the zone of trust of a configuration, with what tokens must say', async () => {
    const provider = 'token.actions.githubusercontent.com';
    const trustOf = (sub: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${provider}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringLike: { [`${provider}:sub`]: sub } },
        },
      });
    const config = join(mkdtempSync(join(tmpdir(), 'ratchet-zone-')), 'ratchet.json');
    const zoneOfTrust = { identityProviders: [{ provider, claims: { sub: ['repo:acme/*'] } }] };
    writeFileSync(config, JSON.stringify({ zoneOfTrust }));
    const ask = (sub: string, ...flags: string[]) =>
      run([
        'check-no-external-access',
        '--policy-document',
        trustOf(sub),
        '--trusted-accounts',
        '111122223333',
        ...flags,
      ]);

    expect((await ask('repo:acme/web:*')).status).toBe(1);
    expect((await ask('repo:acme/web:*', '--config', config)).status).toBe(0);
    expect((await ask('repo:*', '--config', config)).status).toBe(1);
  });

  it('takes the groups of --access apart: both members of one group must hold', async () => {
    const base = ['check-access-not-granted', '--policy-document', 'old.json', ...IDENTITY, '--access'];

    expect((await run([...base, 'actions=s3:DeleteBucket', 'resources=*'])).status).toBe(0);
    expect((await run([...base, 'actions=s3:DeleteBucket', '--access', 'resources=*'])).status).toBe(1);
  });
});

describe('Z3', () => {
  /** The scripts that a run loaded, as the coverage of its process tells. */
  async function scriptsOf(solver: string): Promise<string> {
    const coverage = join(folder, `coverage-${solver}`);
    await run(compare('old.json', 'new.json', '--solver', solver), { env: { NODE_V8_COVERAGE: coverage } });
    return readdirSync(coverage)
      .map((name) => readFileSync(join(coverage, name), 'utf8'))
      .join('');
  }

  it('is not loaded when the finite decider answers', async () => {
    expect(await scriptsOf('auto')).not.toContain('/z3-solver/');
  });

  it('is loaded when it is asked for', async () => {
    expect(await scriptsOf('z3')).toContain('/z3-solver/');
  });
});

describe('bad input', () => {
  it('is told with file, line, column and path, every problem of every document', async () => {
    put('bad.json', '{\n  "Statement": [{ "Effect": "Alow", "Action": 5, "Resource": "*" }]\n}');

    const { status, stdout, stderr } = await run(compare('bad.json', 'bad.json'));

    expect(stderr).toContain('bad.json:2:29: $.Statement[0].Effect: `Effect` must be `Allow` or `Deny`\n');
    expect(stderr.trim().split('\n')).toHaveLength(4);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('is told as JSON on standard output with --output json', async () => {
    const { status, stdout, stderr } = await run(compare('old.json', 'none.json', '--output', 'json'));

    expect(JSON.parse(stdout)).toEqual({
      error: {
        message: 'none.json: no such file',
        problems: [{ source: 'none.json', message: 'no such file' }],
      },
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
  });

  it.each([
    ['an empty file', '', 'the document is empty'],
    ['text that is not JSON', 'Version: 2012-10-17', 'not JSON'],
    ['a list', '[]', 'must be a JSON object'],
    ['a key written twice', '{"Statement":[],"Statement":[]}', 'written twice'],
  ])('names %s', async (_, text, message) => {
    put('odd.json', text);

    const { status, stderr } = await run(compare('old.json', 'odd.json'));

    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^odd\.json:/);
    expect(status).toBe(2);
  });

  it('names a folder, and standard input asked for twice', async () => {
    expect(await run(compare('old.json', '.'))).toMatchObject({
      status: 2,
      stderr: '.: is a folder; name a file\n',
    });
    expect(await run(compare('-', '-'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('once'),
    });
  });

  it.each([
    [['check-no-new-acess'], 'Did you mean check-no-new-access?'],
    [compare('old.json', 'new.json', '--ouput', 'json'), 'Did you mean --output?'],
    [compare('old.json', 'new.json', '--timeout-ms', '0'), 'whole number from 1'],
    [compare('old.json', 'new.json', '--solver', 'cvc5'), 'Allowed choices are auto'],
    [['check-no-new-access'], '--existing-policy-document'],
    [
      ['check-no-public-access', '--policy-document', 'bucket.json', '--resource-type', 'S3'],
      'AWS::S3::Bucket',
    ],
    [
      ['check-no-external-access', '--policy-document', 'bucket.json', '--trusted-accounts', '1234'],
      '12 digits',
    ],
  ])('is told by one line for %j', async (args, message) => {
    const { status, stdout, stderr } = await run(args);

    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('help', () => {
  it('is given when asked for, within 80 columns, with status 0', async () => {
    const { status, stdout, stderr } = await run(['--help']);

    expect(stdout).toContain('check-no-new-access');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is given on standard error when no command is named, with status 2', async () => {
    expect(await run([])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: ratchet'),
    });
  });

  it('shows an example for each command', async () => {
    for (const command of ['check-no-new-access', 'check-access-not-granted', 'batch', 'encode']) {
      expect((await run(['help', command])).stdout).toMatch(/Examples?:/);
    }
  });
});

describe('encode', () => {
  it('prints a script for another solver', async () => {
    const { status, stdout } = await run([
      'encode',
      ...compare('old.json', 'new.json').slice(1),
      '--format',
      'smtlib',
    ]);

    expect(stdout).toMatch(/^; satisfiable iff statement 1 \(Wide\) contributes\n\(set-logic ALL\)/);
    expect(stdout).toMatch(/\(check-sat\)\n$/);
    expect(status).toBe(0);
  });

  it('refuses flags that name no check', async () => {
    expect(await run(['encode', '--policy-document', 'bucket.json'])).toMatchObject({ status: 2 });
  });
});

describe('evaluate', () => {
  const request = (more: object = {}) => JSON.stringify({ action: 's3:GetObject', resource: '*', ...more });

  it('says whether a request is granted, and by which statement', async () => {
    const { status, stdout } = await run([
      'evaluate',
      '--policy-document',
      'old.json',
      '--request',
      request(),
    ]);

    expect(stdout).toMatch(
      /^GRANTED {2}An Allow matches and no Deny does\.\n\nThis Allow matches:\n {2}old\.json:4\n/,
    );
    expect(status).toBe(0);
  });

  it('writes the evaluation as JSON', async () => {
    const args = ['evaluate', '--policy-document', 'new.json', '--request', '-', '--output', 'json'];

    const { stdout } = await run(args, { stdin: request({ action: 's3:PutObject' }) });

    expect(JSON.parse(stdout)).toEqual({ granted: false, allows: [], denies: [], possible: true });
  });

  it('says that AWS documents no such call', async () => {
    const args = ['evaluate', '--policy-document', 'new.json', '--request', '-'];

    const { stdout } = await run(args, {
      stdin: request({ action: 's3:DeleteBucket', resource: 'arn:aws:s3:::a/b' }),
    });

    expect(stdout).toMatch(/^GRANTED/);
    expect(stdout).toContain('Note: AWS documents no such call: `s3:DeleteBucket` takes no such resource');
  });

  it.each([
    ['new.json', request({ action: 's3:*' }), '$.action: must be one action'],
    ['new.json', request({ resource: 'arn:aws:s3' }), '$.resource: must be `*` or an ARN of six parts'],
    ['new.json', request({ contxt: {} }), '$.contxt: `contxt` is no member of a request'],
    ['new.json', '{"action":"s3:GetObject"}', '$.resource: `resource` is missing'],
    ['bucket.json', request(), '`principal` is missing'],
  ])('names what is wrong with a request to %s: %s', async (document, text, message) => {
    const { status, stderr } = await run(['evaluate', '--policy-document', document, '--request', text]);

    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
