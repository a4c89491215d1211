/** A newcomer's first minutes: what `npm pack` makes, installed into an empty folder from npm's cache, without a network. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The Node that runs this test runs the command too. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, NO_COLOR: '1' };

const IDENTITY = ['--policy-type', 'IDENTITY_POLICY'];
const NO_NEW_ACCESS = (existing: string, proposed: string) => [
  ...['check-no-new-access', '--existing-policy-document', existing, '--new-policy-document', proposed],
  ...IDENTITY,
];
const POLICY = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
const LIBRARY = `import { checkNoNewAccess, parsePolicy } from 'iam-ratchet';
import { readFileSync } from 'node:fs';
const read = (file) => parsePolicy(readFileSync(file, 'utf8'), { policyType: 'IDENTITY_POLICY' }).policy;
console.log((await checkNoNewAccess(read('old.json'), read('new.json'))).result);`;

describe('the packed package in an empty folder', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ratchet-newcomer-')));
  const npx = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync('npx', ['--offline', ...words], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  };

  beforeAll(() => {
    const pack = ['pack', '--ignore-scripts', '--pack-destination', folder];
    const tarball = execFileSync('npm', pack, { cwd: root, env, encoding: 'utf8', stdio: 'pipe' });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarball.trim())];
    execFileSync('npm', install, { cwd: folder, env, stdio: 'pipe' });
    writeFileSync(join(folder, 'old.json'), POLICY('s3:GetObject'));
    writeFileSync(join(folder, 'new.json'), POLICY('s3:*'));
    writeFileSync(join(folder, 'check.js'), LIBRARY);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('brings Z3 and no client of AWS', () => {
    const modules = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));

    expect(modules).toEqual(['async-mutex', 'iam-ratchet', 'tslib', 'z3-solver']);
  });

  it('runs the command under the name of the package and under its own', () => {
    const check = [
      'check-access-not-granted',
      '--policy-document',
      'new.json',
      ...IDENTITY,
      '--access',
      'actions=s3:DeleteBucket',
    ];
    const byPackage = npx('iam-ratchet', ...check);

    expect(byPackage.output).toContain('FAIL');
    expect(byPackage.status).toBe(1);
    expect(npx('ratchet', ...check)).toEqual(byPackage);
  });

  it('compares two documents', () => {
    const { status, output } = npx('ratchet', ...NO_NEW_ACCESS('old.json', 'new.json'));

    expect(output).toContain('s3:');
    expect(status).toBe(1);
  });

  it('asks Z3 where told to', () => {
    const { status, output } = npx('ratchet', ...NO_NEW_ACCESS('new.json', 'old.json'), '--solver', 'z3');

    expect(output).toContain('PASS');
    expect(status).toBe(0);
  });

  it('plays the sample trail', () => {
    const { output } = npx('ratchet', 'replay', 'node_modules/iam-ratchet/cli/sample-trail');

    expect(output).toContain('user `alice` is an administrator');
  });

  it('is a library', () => {
    expect(execFileSync(process.execPath, ['check.js'], { cwd: folder, env, encoding: 'utf8' })).toBe(
      'FAIL\n',
    );
  });
});
