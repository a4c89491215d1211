import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { builtCommand } from './command.ts';

const { folder, run: runCommand } = builtCommand();
const repository = join(folder, 'repository');

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=n@example.com', ...args], {
    cwd: repository,
    stdio: 'pipe',
  });
const put = (name: string, content: unknown) => {
  mkdirSync(dirname(join(repository, name)), { recursive: true });
  writeFileSync(
    join(repository, name),
    typeof content === 'string' ? content : JSON.stringify(content, undefined, 2),
  );
};
const commit = () => {
  git('add', '-A');
  git('commit', '-qm', 'x');
};
const run = (...args: string[]) => runCommand(['diff', ...args], { cwd: repository });

const allow = (Action: string | string[], more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: 'arn:aws:s3:::b/*', ...more }],
});

const template = (actions: string, principal = 'lambda.amazonaws.com') => `Resources:
  Queue:
    Type: AWS::SQS::Queue
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - { Effect: Allow, Principal: { Service: ${principal} }, Action: sts:AssumeRole }
      Policies:
        - PolicyName: queue
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: ${actions}
                Resource: !GetAtt Queue.Arn
`;

const PARAMETERS = `Parameters:
  Act: { Type: String, Default: 'sqs:SendMessage' }
Resources:`;

const samConfig = (action: string) => `version = 0.1
[default.deploy.parameters]
parameter_overrides = "Act=\\"${action}\\""
`;

const nested = (action: string) => `Resources:
  N:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./child.yaml
      Parameters: { Act: '${action}' }
`;

const plan = (...changes: (readonly [address: string, before: object | null, after: object])[]) => ({
  format_version: '1.2',
  resource_changes: changes.map(([address, before, after]) => ({
    address,
    type: address.split('.')[0],
    change: {
      before: before && { policy: JSON.stringify(before) },
      after: { policy: JSON.stringify(after) },
      after_unknown: {},
    },
  })),
});

beforeEach(() => {
  rmSync(repository, { recursive: true, force: true });
  mkdirSync(repository);
  git('init', '-q', '-b', 'main');
  put('policies/role.json', allow('s3:GetObject'));
  put('template.yml', template('sqs:SendMessage'));
  put('plan.json', plan());
  commit();
});

async function judged(...args: string[]) {
  const { status, stdout } = await run(...args, '--output', 'json');
  const { policies, unread } = JSON.parse(stdout) as {
    policies: {
      file: string;
      description: string;
      change: string;
      results: { check: string; result: string }[];
    }[];
    unread: { file: string }[];
  };
  return {
    status,
    unread: unread.map(({ file }) => file),
    policies: policies.map(({ file, description, change, results }) => [
      file,
      description,
      change,
      results.map(({ check, result }) => `${check} ${result}`),
    ]),
  };
}

describe('diff', () => {
  it('finds nothing where nothing changed', async () => {
    expect(await run()).toEqual({ status: 0, stdout: 'No policy changed.\n', stderr: '' });
  });

  it('checks plain policies, a template and a plan against what they were, and ends with status 1', async () => {
    put('policies/role.json', allow(['s3:GetObject', 's3:DeleteObject']));
    put('template.yml', template('[sqs:SendMessage, sqs:PurgeQueue]'));
    put('plan.json', plan(['aws_iam_policy.p', allow('s3:GetObject'), allow('s3:*')]));

    const answers = ['check-no-new-access FAIL', 'check-access-not-granted PASS'];
    expect(await judged()).toEqual({
      status: 1,
      unread: [],
      policies: [
        ['plan.json', 'policy of `aws_iam_policy.p`', 'changed', answers],
        ['policies/role.json', 'policy `policies/role.json`', 'changed', answers],
        ['template.yml', 'permissions of role `Role`', 'changed', answers],
      ],
    });
  });

  it('passes what only tightens', async () => {
    put('policies/role.json', allow('s3:GetObject', { Resource: 'arn:aws:s3:::b/c' }));

    const { status, stdout } = await run();

    expect(stdout).toContain('PASS  policies/role.json: policy `policies/role.json` (changed)');
    expect(status).toBe(0);
  });

  it('judges a new policy by what no policy may grant', async () => {
    put('admin.json', allow('*', { Resource: '*' }));
    put('open.json', allow('s3:GetObject', { Principal: '*' }));
    put('fine.json', allow('s3:GetObject'));

    const { status, policies } = await judged();

    expect(status).toBe(1);
    expect(policies.map(([file, , change, results]) => [file, change, results])).toEqual([
      ['admin.json', 'new', ['check-access-not-granted FAIL']],
      ['open.json', 'new', ['check-no-public-access FAIL']],
      ['fine.json', 'new', ['check-access-not-granted PASS']],
    ]);
  });

  it('compares commits, follows a file that was renamed, and takes paths', async () => {
    git('mv', 'policies/role.json', 'policies/ré "le.json');
    put('policies/ré "le.json', allow('s3:*'));
    put('other.json', allow('*', { Resource: '*' }));
    commit();

    expect((await judged('HEAD~1..HEAD', 'policies')).policies).toEqual([
      [
        'policies/ré "le.json',
        'policy `policies/ré "le.json`',
        'changed',
        ['check-no-new-access FAIL', 'check-access-not-granted PASS'],
      ],
    ]);
    expect((await judged('main~1...main')).policies).toHaveLength(2);
  });

  it('does not know what becomes possible where a policy that denied is gone', async () => {
    put('deny.json', { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] });
    commit();
    rmSync(join(repository, 'deny.json'));
    rmSync(join(repository, 'policies/role.json'));

    const { status, policies } = await judged();

    expect(status).toBe(3);
    expect(policies.map(([file, , change, results]) => [file, change, results])).toEqual([
      ['deny.json', 'removed', ['check-no-new-access UNKNOWN']],
      ['policies/role.json', 'removed', ['check-no-new-access PASS']],
    ]);
  });

  it('never passes what depends on a value that the template does not tell', async () => {
    const policy = (statement: string) =>
      `Parameters: { A: { Type: String } }\nResources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: 2012-10-17\n        Statement: [${statement}]\n`;
    const all = '{ Effect: Allow, Action: "s3:*", Resource: "*" }';
    put('p.yml', policy(`${all}, { Effect: Deny, Action: !Ref A, Resource: "*" }`));
    commit();
    put('p.yml', policy(`${all}, { Effect: Deny, Action: !Ref B, Resource: "*" }`));

    const { status, stdout } = await run();

    expect(stdout).toMatch(/^(UNKNOWN|FAIL) {2}p\.yml: policy of `P`/);
    expect(status).not.toBe(0);
  });

  it('names each file that it cannot read, judges the rest, and ends with status 3', async () => {
    put('broken.json', '{"Statement": [');
    put('policies/role.json', allow('s3:GetObject', { Resource: 'arn:aws:s3:::b/c' }));
    put('typo.json', { Version: '2012-10-17', Statement: [{ Effect: 'Alow', Action: '*', Resource: '*' }] });

    const { status, stdout } = await run();

    expect(stdout).toMatch(/^UNKNOWN {2}broken\.json:1: it cannot be read: line 1, column \d+: not JSON/m);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      '$.Statement[0].Effect: `Effect` must be `Allow` or `Deny`',
    );
    expect(stdout).toContain('typo.json:5');
    expect(stdout).toContain('policies/role.json');
    expect(status).toBe(3);
  });

  it('speaks SARIF and annotations, at the place in the template', async () => {
    put('template.yml', template('sqs:SendMessage', 'ec2.amazonaws.com'));

    const github = await run('--output', 'github');
    const sarif = await run('--output', 'sarif');

    expect(github.stdout).toMatch(
      /^::error file=template\.yml,line=10,.*title=New access \(trust policy of role `Role`\)::/,
    );
    expect(JSON.parse(sarif.stdout)).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: 'check-no-new-access',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'template.yml' },
                    region: { startLine: 10, startColumn: 13 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it.each([
    [['nowhere'], 'unknown revision or path `nowhere`; fetch it first, or check its spelling\n'],
    [
      ['HEAD', 'no-such-folder'],
      '`no-such-folder` matches nothing, neither before nor after; check the path\n',
    ],
    [
      ['--staged', 'nothing.json'],
      '`nothing.json` matches nothing, neither before nor after; check the path\n',
    ],
  ])('answers %j with status 2 and a sentence', async (args, stderr) => {
    const outcome = await run(...args);

    expect(outcome.stderr).toBe(stderr);
    expect(outcome.status).toBe(2);
  });

  it.each(['HEAD..HEAD', 'main...HEAD', 'HEAD..'])(
    'refuses the range %s, which has no commits',
    async (range) => {
      const { status, stderr } = await run(range);

      expect(stderr).toMatch(/^`.*` has no commits: both ends are [0-9a-f]{12}; name the branch/);
      expect(status).toBe(2);
    },
  );

  it('says what to do where there is no repository', async () => {
    const { status, stderr } = await runCommand(['diff'], {
      cwd: '/',
      env: { GIT_DIR: join(folder, 'none') },
    });

    expect(stderr).toBe(
      '`/` is in no git repository; run `ratchet diff` in one, or name two folders or a plan\n',
    );
    expect(status).toBe(2);
  });

  it('judges what is staged, before the first commit too', async () => {
    put('policies/role.json', allow('s3:*'));
    git('add', '-A');
    put('policies/role.json', allow('s3:GetObject'));

    expect((await judged('--staged')).policies.map(([file]) => file)).toEqual(['policies/role.json']);
    expect((await judged('--staged')).status).toBe(1);
    expect((await judged()).status).toBe(0);

    rmSync(join(repository, '.git'), { recursive: true });
    git('init', '-q', '-b', 'main');
    put('admin.json', allow('*', { Resource: '*' }));
    git('add', '-A');

    expect((await judged('--staged')).status).toBe(1);
    expect((await run()).stderr).toMatch(/^the repository has no commit yet/);
  });

  it('compares two folders, two files, and plans, whether git knows them or not', async () => {
    const outside = join(folder, 'outside');
    for (const [name, actions] of [
      ['old', 's3:GetObject'],
      ['new', 's3:*'],
    ] as const) {
      mkdirSync(join(outside, name), { recursive: true });
      writeFileSync(join(outside, name, 'p.json'), JSON.stringify(allow(actions)));
    }
    const wide = plan(['aws_iam_policy.p', allow('s3:GetObject'), allow('s3:*')]);
    writeFileSync(join(outside, 'plan.json'), JSON.stringify(wide));
    const at = (...args: string[]) =>
      runCommand(['diff', ...args], { cwd: outside, env: { GIT_DIR: join(folder, 'none') } });

    expect((await at('old', 'new')).status).toBe(1);
    expect((await at('new', 'old')).status).toBe(0);
    expect((await at('old/p.json', 'new/p.json')).status).toBe(1);
    expect((await at('plan.json')).status).toBe(1);
    put('.gitignore', 'ignored/\n');
    put('ignored/plan.json', wide);
    expect((await run('ignored/plan.json')).status).toBe(1);
    expect((await run('HEAD', 'ignored/plan.json')).status).toBe(1);
    rmSync(outside, { recursive: true });
  });

  it('judges values that changed with the template that takes them, which did not', async () => {
    const app = template('!Ref Act').replace('Resources:', PARAMETERS);
    put('app/template.yaml', app);
    put('app/samconfig.toml', samConfig('sqs:SendMessage'));
    put('params/app.json', [{ ParameterKey: 'Act', ParameterValue: 'sqs:SendMessage' }]);
    commit();
    const description = (by: string) => `permissions of role \`Role\`, as \`${by}\` deploys it`;

    put('app/samconfig.toml', samConfig('sqs:*'));
    expect(await run('--output', 'json')).toMatchObject({ status: 1 });
    expect((await judged()).policies).toMatchObject([
      ['app/samconfig.toml', description('app/samconfig.toml (default)'), 'changed', expect.anything()],
    ]);
    git('add', '-A');
    put('app/samconfig.toml', samConfig('sqs:SendMessage'));
    expect((await judged('--staged')).status).toBe(1);
    expect((await judged()).status).toBe(0);
    git('reset', '-q', '--hard');

    git('mv', 'params/app.json', 'params/new name.json');
    put('params/new name.json', [{ ParameterKey: 'Act', ParameterValue: 'sqs:*' }]);
    expect((await judged()).policies.map(([file]) => file)).toEqual(['params/new name.json']);
    commit();
    expect((await judged('HEAD~1..HEAD', 'params')).status).toBe(1);
    expect((await judged('HEAD..HEAD~1')).status).toBe(0);
  });

  it('finds the values that a template is given in files that git takes for bytes', async () => {
    const app = template('sqs:SendMessage').replace('Resources:', PARAMETERS);
    const values = JSON.stringify([{ ParameterKey: 'Act', ParameterValue: 'sqs:*' }]);
    const givers: readonly [attributes: string, content: Buffer][] = [
      ['', Buffer.from(values)],
      ['*.json -diff', Buffer.from(values)],
      ['', Buffer.from(`\ufeff${values}`, 'utf16le')],
    ];
    for (const [attributes, content] of givers) {
      put('app/template.yaml', app);
      put('.gitattributes', `${attributes}\n`);
      writeFileSync(join(repository, 'app/values.json'), content);
      commit();
      put('app/template.yaml', app.replace('Action: sqs:SendMessage', 'Action: !Ref Act'));
      expect([attributes, (await run()).status]).toEqual([attributes, 1]);
    }
  });

  it('gives the same answer whatever the settings of git are', async () => {
    git('config', 'submodule.recurse', 'true');
    git('config', 'color.ui', 'always');
    git('config', 'diff.relative', 'true');
    put('main.yaml', nested('sqs:*'));
    put('child.yaml', template('sqs:SendMessage').replace('Resources:', PARAMETERS));
    put('below/a.txt', 'a');
    commit();
    put('child.yaml', template('!Ref Act').replace('Resources:', PARAMETERS));

    for (const cwd of [repository, join(repository, 'below')]) {
      const { status, stdout } = await runCommand(['diff'], { cwd });
      expect([status, stdout]).toEqual([1, expect.stringContaining('main.yaml')]);
    }
  });

  it('follows a stack into the template beside it, in two folders too', async () => {
    put('main.yaml', nested('sqs:SendMessage'));
    put('child.yaml', template('!Ref Act').replace('Resources:', PARAMETERS));
    commit();
    put('main.yaml', nested('sqs:*'));

    expect((await judged()).policies.map(([file, , change]) => [file, change])).toEqual([
      ['main.yaml', 'changed'],
    ]);

    const [old, now] = [join(folder, 'old'), join(folder, 'now')];
    for (const [at, actions] of [
      [old, 'sqs:SendMessage'],
      [now, 'sqs:*'],
    ] as const) {
      mkdirSync(at, { recursive: true });
      writeFileSync(join(at, 'main.yaml'), nested(actions));
      writeFileSync(join(at, 'child.yaml'), readFileSync(join(repository, 'child.yaml')));
    }
    expect((await runCommand(['diff', old, now])).status).toBe(1);
    expect((await runCommand(['diff', now, old])).status).toBe(0);
  });

  it.each([
    ['a stack', 'main.yaml', nested('sqs:*').replace('./child.yaml', 'infra/child.yaml')],
    ['a deployment file', 'd.yaml', "template-file-path: infra/child.yaml\nparameters: { Act: 'sqs:*' }\n"],
  ])('finds the template that %s names from the top, in two folders too', async (_, name, giver) => {
    const child = (actions: string) => template(actions).replace('Resources:', PARAMETERS);
    const folders = [join(folder, 'old'), join(folder, 'now')] as const;
    for (const at of [repository, ...folders]) {
      rmSync(join(at, 'infra'), { recursive: true, force: true });
      mkdirSync(join(at, 'infra'), { recursive: true });
      writeFileSync(join(at, 'infra', name), giver);
      writeFileSync(join(at, 'infra/child.yaml'), child('sqs:SendMessage'));
    }
    commit();
    for (const at of [repository, folders[1]]) writeFileSync(join(at, 'infra/child.yaml'), child('!Ref Act'));

    expect((await run()).status).toBe(1);
    expect((await runCommand(['diff', ...folders])).status).toBe(1);
    expect((await runCommand(['diff', 'old', 'now/'], { cwd: folder })).status).toBe(1);
    for (const at of folders) rmSync(at, { recursive: true });
  });

  it('reads what git names without having it, where links lead, and what becomes a page', async () => {
    git('mv', 'policies/role.json', 'policies/other.json');
    // So unlike the earlier file that git names the object of the new one, which is on disk alone.
    put('policies/other.json', `${JSON.stringify(allow('*', { Resource: '*' }))}${'\n'.repeat(300)}`);
    expect((await judged()).status).toBe(1);
    git('reset', '-q', '--hard');

    put('wide', allow('*', { Resource: '*' }));
    commit();
    rmSync(join(repository, 'policies/role.json'));
    symlinkSync('../wide', join(repository, 'policies/role.json'));
    git('add', '-A');
    expect((await judged('--staged')).status).toBe(1);
    commit();
    expect((await judged('HEAD~1..HEAD')).status).toBe(1);
    symlinkSync('nowhere', join(repository, 'policies/lost.json'));
    git('add', '-A');
    expect(await judged('--staged')).toMatchObject({ status: 3, unread: ['policies/lost.json'] });
    git('reset', '-q', '--hard');

    put('deny.json', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }],
    });
    commit();
    git('mv', 'deny.json', 'deny.md');
    expect((await judged()).policies.map(([file]) => file)).toEqual(['deny.json']);
  });

  it('writes a comment in Markdown that says what is newly granted', async () => {
    put('policies/role.json', allow(['s3:GetObject', 's3:DeleteObject']));

    const { stdout, status } = await run('--output', 'markdown');

    expect(stdout).toMatch(/^### Ratchet: this change grants new access \(1\)/);
    expect(stdout).toContain('- `s3:DeleteObject` on `arn:aws:s3:::b/*`');
    expect(status).toBe(1);
  });
});
