import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtCommand, root } from './command.ts';

const { folder } = builtCommand();
const page = readFileSync(join(root, 'docs/ci.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  );

const wide = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

/** A repository with one narrow policy on main and `ratchet` on the path. */
function repository(name: string) {
  const place = join(folder, name);
  const bin = join(place, '.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, 'ratchet'),
    `#!/bin/sh\nexec '${process.execPath}' '${join(folder, 'cli', 'ratchet.js')}' "$@"\n`,
  );
  chmodSync(join(bin, 'ratchet'), 0o755);
  const run = (command: string) => {
    try {
      const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, GITHUB_BASE_REF: 'main' };
      return {
        status: 0,
        said: execFileSync('bash', ['-c', command], { cwd: place, env, encoding: 'utf8', stdio: 'pipe' }),
      };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { status, said: stdout };
    }
  };
  writeFileSync(join(place, '.gitignore'), '.bin\n.ratchet-tool\n*.sarif\n*.txt\n');
  writeFileSync(join(place, 'p.json'), wide.replace('s3:*', 's3:GetObject'));
  run(
    'git init -q -b main && git config user.name n && git config user.email n@example.com && git add -A && git commit -qm one',
  );
  return { place, run };
}

describe('what docs/ci.md shows', () => {
  it('annotates a pull request and writes what code scanning takes', () => {
    const { place, run } = repository('pull-request');
    run('git update-ref refs/remotes/origin/main main && git checkout -q -b change');
    writeFileSync(join(place, 'p.json'), wide);
    run('git commit -qam two');
    mkdirSync(join(place, '.ratchet-tool', 'cli'), { recursive: true });
    run(
      `cp '${join(folder, 'cli', 'ratchet.js')}' .ratchet-tool/cli/ && ln -s '${join(folder, 'dist')}' .ratchet-tool/dist && echo '{"type":"module"}' > .ratchet-tool/package.json`,
    );
    const { steps } = parse(blocks('yaml')[1] ?? '') as { steps: { name?: string; run?: string }[] };
    const step = (name: string) => steps.find((one) => one.name === name)?.run ?? 'false';

    const annotated = run(step('annotate'));

    expect(annotated.said).toMatch(/^::error file=p\.json,line=1,/);
    expect(annotated.status).toBe(1);
    expect(run(step('code scanning')).status).toBe(0);
    expect(JSON.parse(readFileSync(join(place, 'ratchet.sarif'), 'utf8'))).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'check-no-new-access' }] }],
    });
  });

  it('stops a commit that widens a policy, by either hook', () => {
    const { place, run } = repository('hook');
    const hooks = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as {
      id: string;
      entry: string;
    }[];
    const { repos } = parse(blocks('yaml')[3] ?? '') as { repos: { hooks: { id: string }[] }[] };
    const entry = hooks.find(({ id }) => id === repos[0]?.hooks[0]?.id)?.entry ?? 'true';
    const hook = join(place, '.git/hooks/pre-commit');
    writeFileSync(hook, blocks('sh')[0] ?? '');
    chmodSync(hook, 0o755);

    writeFileSync(join(place, 'p.json'), wide);

    expect(run(entry).status).toBe(0);
    expect(run(`git add -A && ${entry}`).status).toBe(1);
    expect(run('git commit -qam two').status).toBe(1);
    writeFileSync(join(place, 'p.json'), wide.replace('s3:*', 's3:GetObject'));
    writeFileSync(join(place, 'other.md'), 'x');
    expect(run('git add -A && git commit -qm three').status).toBe(0);
  });

  it('runs as an action: annotations, SARIF, a summary, and the status', () => {
    const { place, run } = repository('action');
    run('git update-ref refs/remotes/origin/main main && git checkout -q -b change');
    writeFileSync(join(place, 'p.json'), wide);
    run('git commit -qam two');
    const { runs } = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
      runs: { using: string; steps: { name: string; run: string }[] };
    };
    const step = runs.steps.find(({ name }) => name === 'diff')?.run ?? 'false';
    mkdirSync(join(folder, 'scripts'), { recursive: true });
    copyFileSync(join(root, 'scripts', 'action.sh'), join(folder, 'scripts', 'action.sh'));
    const act = (more = '') =>
      run(
        `${more} GITHUB_ACTION_PATH='${folder}' GITHUB_OUTPUT=out.txt GITHUB_STEP_SUMMARY=summary.txt SARIF=a.sarif bash -c '${step}'`,
      );

    const outcome = act();

    expect(outcome.said).toMatch(/^::error file=p\.json,line=1,/);
    expect(outcome.status).toBe(1);
    expect(readFileSync(join(place, 'out.txt'), 'utf8')).toBe('status=1\n');
    expect(readFileSync(join(place, 'summary.txt'), 'utf8')).toContain('this change grants new access');
    expect(JSON.parse(readFileSync(join(place, 'a.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(act('PATHS=nowhere').status).toBe(2);
  });
});
