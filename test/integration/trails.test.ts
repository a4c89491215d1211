/** What an intruder tried against an earlier guard, as trails; each must be told, and nothing may be given back. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../shared/findings/finding.ts';
import { builtCommand, root } from './cli/command.ts';

const { run } = builtCommand();
const folder = join(root, 'test/vectors/trails');

async function replayed(name: string, ...flags: readonly string[]): Promise<readonly Finding[]> {
  const { stdout } = await run(['replay', join(folder, `${name}.json`), '--output', 'json', ...flags]);
  return (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings;
}

const on = (findings: readonly Finding[], name: string) =>
  findings.filter(({ target }) => target.arn.endsWith(name));

describe('a trail', () => {
  it('in which a guardrail loses its text says that the call made an old user administrator', async () => {
    const findings = await replayed('a7', '--rollback');

    expect(on(findings, 'user/bob')).toContainEqual(
      expect.objectContaining({
        severity: 'CRITICAL',
        change: expect.objectContaining({ eventName: 'CreatePolicyVersion' }),
      }),
    );
    expect(
      on(findings, 'user/bob').filter(
        ({ severity, status }) => severity === 'CRITICAL' && status === 'ACTIVE',
      ),
    ).toEqual([]);
  });

  it('in which the guardrail is detached as well takes the access away', async () => {
    const findings = await replayed('a7-detach', '--rollback');

    const critical = on(findings, 'user/bob').filter(({ severity }) => severity === 'CRITICAL');
    expect(critical.map(({ change }) => change?.eventName)).toContain('DetachUserPolicy');
    expect(critical.every(({ status }) => status !== 'ACTIVE')).toBe(true);
  });

  it('names who wrote what a lost guardrail lets through', async () => {
    const findings = await replayed('a7');

    expect(on(findings, 'user/bob').find(({ severity }) => severity === 'CRITICAL')?.carriers).toContainEqual(
      expect.objectContaining({ eventName: 'PutUserPolicy', actorArn: expect.stringContaining('alice') }),
    );
  });

  it('in which a new policy is widened on an old role names the role', async () => {
    const findings = await replayed('a1', '--rollback');

    expect(on(findings, 'role/app')).toContainEqual(
      expect.objectContaining({
        severity: 'HIGH',
        change: expect.objectContaining({ eventName: 'CreatePolicyVersion' }),
      }),
    );
  });

  it('in which a topic is made again finds what widens it', async () => {
    expect(await replayed('a4', '--rollback')).toMatchObject([
      {
        change: { eventName: 'SetTopicAttributes', eventTime: '2026-10-05T10:02:00Z' },
        status: 'ROLLED_BACK',
      },
    ]);
  });

  it('in which a bucket ceases to be public never makes it public again', async () => {
    const findings = await replayed('b5', '--rollback');

    const [first, second] = findings;
    expect(first).toMatchObject({ check: 'no-public-access', status: 'RESOLVED' });
    expect(second?.action.calls ?? []).not.toContainEqual(expect.stringContaining('"Principal":"*"'));
    expect(
      findings.filter(({ check, status }) => check === 'no-public-access' && status === 'ACTIVE'),
    ).toEqual([]);
  });

  it('in which a role is made again under its name tells all that the new one grants', async () => {
    const findings = await replayed('1-recreate-launders');

    expect(on(findings, 'role/app')).toContainEqual(
      expect.objectContaining({
        status: 'ACTIVE',
        severity: 'HIGH',
        step: expect.objectContaining({ isNew: true }),
      }),
    );
  });

  it('that begins with a change is judged by what its record shows', async () => {
    expect(await replayed('2-cold-first-touch', '--rollback')).toMatchObject([
      {
        target: { arn: expect.stringContaining('user/dev') },
        severity: 'HIGH',
        action: { kind: 'observed' },
      },
      { target: { kind: 'bucket-public-access-block' }, severity: 'HIGH' },
    ]);
  });

  it('in which one change follows another that nobody approved tells what the second added', async () => {
    const findings = await replayed('4-masked-headline');

    const second = findings.find(({ change }) => change?.eventTime === '2026-03-05T10:00:01Z');
    expect(second).toMatchObject({ witness: { action: expect.stringMatching(/^(iam|lambda):/) } });
    expect(second?.undoWith).toContain('--policy-name x');
  });

  it('with an administrator behind a boundary says that the boundary stops it', async () => {
    const findings = await replayed('12-wrong-reason');

    const told = JSON.stringify(on(findings, 'malicious-iam-role'));
    expect(told).toContain('boundary');
    expect(told).not.toContain('another one made');
  });

  it('of calls that blind the guard tells each of them', async () => {
    const config = join(mkdtempSync(join(tmpdir(), 'ratchet-')), 'config.json');
    const named = [
      'lambda:*:*:function:ratchet-*',
      'cloudwatch:*:*:alarm:ratchet-*',
      'logs:*:*:log-group:*ratchet-*',
    ];
    writeFileSync(config, JSON.stringify({ ownResources: named.map((name) => `arn:aws:${name}`) }));
    const trail = JSON.parse(readFileSync(join(folder, 'sp.json'), 'utf8')) as {
      readonly Records: readonly { readonly eventName: string }[];
    };

    const told = await replayed('sp', '--config', config);

    expect(told.map(({ change }) => change?.eventName).sort()).toEqual(
      trail.Records.map(({ eventName }) => eventName).sort(),
    );
  });

  it.each(readdirSync(folder).map((file) => file.replace('.json', '')))(
    '%s ends the same when its records come twice',
    async (name) => {
      const file = join(folder, `${name}.json`);
      const idsOf = async (...files: readonly string[]) => {
        const { stdout } = await run(['replay', ...files, '--output', 'json']);
        return (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings
          .map(({ id, status }) => [id, status])
          .sort();
      };

      expect(await idsOf(file, file)).toEqual(await idsOf(file));
    },
  );
});
