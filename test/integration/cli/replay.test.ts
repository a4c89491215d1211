import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtCommand, root } from './command.ts';
import { putPolicy, roleRecord, wideningTrail } from './trail.ts';

const { folder, run } = builtCommand();

let trails = 0;

/** Writes a file and returns its name. */
function put(content: string | readonly unknown[], ending = '.json'): string {
  const name = `trail-${String(++trails).padStart(2, '0')}${ending}`;
  writeFileSync(
    join(folder, name),
    typeof content === 'string' ? content : JSON.stringify({ Records: content }),
  );
  return name;
}

async function replayed(args: readonly string[]) {
  const { status, stdout, stderr } = await run(['replay', ...args, '--output', 'json']);
  const { findings, summary } = JSON.parse(stdout);
  const isMade = ({ step }: { step?: { isNew?: true } }) => step?.isNew === true;
  // What a target was made with is told as well, and left.
  return {
    status,
    stderr,
    findings: findings.filter((finding: object) => !isMade(finding)),
    made: findings.filter(isMade),
    summary,
  };
}

describe('replay', () => {
  it('finds a policy that was widened after it was set up, and leaves the role as it is', async () => {
    const { status, stderr, findings, made, summary } = await replayed([put(wideningTrail())]);

    expect(findings).toMatchObject([
      { check: 'no-new-access', status: 'ACTIVE', witness: { action: expect.stringMatching(/^s3:/) } },
    ]);
    expect(made).toMatchObject([{ status: 'ACTIVE' }, { status: 'ACTIVE' }]);
    expect(summary).toMatchObject({ records: 3, changes: 3, findings: { ACTIVE: 3 }, bad: 0, faults: 0 });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('rolls it back when told to, and the guard’s own write changes nothing', async () => {
    const { status, findings, summary } = await replayed([put(wideningTrail()), '--rollback']);

    expect(findings).toMatchObject([{ status: 'ROLLED_BACK', action: { kind: 'done' } }]);
    expect(summary).toMatchObject({ findings: { ACTIVE: 2, ROLLED_BACK: 1 }, rollbacks: { done: 1 } });
    expect(status).toBe(0);
  });

  it('ends in the same state when records come twice, in reverse order and in several files', async () => {
    const records = wideningTrail();
    const once = await replayed([put(records), '--rollback']);
    const twice = await replayed([put([...records].reverse()), put(records), '--rollback']);

    expect(twice.findings.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual(
      once.findings.map(({ id, status }: { id: string; status: string }) => [id, status]),
    );
  });

  it('leads with the consequence, tells what became of it, and sums up', async () => {
    const { stdout } = await run(['replay', put(wideningTrail()), '--rollback']);

    expect(stdout).toMatch(/ACTIVE: role `app` can now call/);
    expect(stdout.indexOf('ROLLED_BACK  2026')).toBeGreaterThan(stdout.indexOf('ACTIVE: role `app`'));
    expect(stdout).toMatch(/Rollbacks +1 carried out\n/);
    expect(stdout).not.toContain('\u001b');
  });

  it('says that its commands need a store, and is whole with one', async () => {
    const without = await run(['replay', put(wideningTrail())]);
    const kept = await run(['replay', put(wideningTrail()), '--store', 'commands']);

    expect(without.stdout).toMatch(/ratchet approve \w+ --store FOLDER --who/);
    expect(without.stdout).toMatch(/Nothing was kept. Replay with --store FOLDER/);
    expect(kept.stdout).toMatch(/ratchet approve \w+ --store commands --who/);
    const [, restore = ''] = /^ {2}ratchet (restore .*)$/m.exec(kept.stdout) ?? [];
    const restored = await run(restore.split(' '));
    expect(restored).toMatchObject({ status: 0, stdout: expect.stringMatching(/\naws iam [^…]+\n$/) });
  });

  it('never says how to go back to what was not there', async () => {
    const { made } = await replayed([join(root, 'cli', 'sample-trail')]);

    const said = made.map(({ undoWith }: { undoWith: string }) => undoWith);
    expect(said).toContain('there is no earlier version: delete it, or remove what it should not grant');
    expect(said.filter((words: string) => words.includes('before.json'))).toEqual([]);
  });

  it('finds and restores all that the sample trail does wrong', async () => {
    const { status, stderr, findings, summary } = await replayed([
      join(root, 'cli', 'sample-trail'),
      '--rollback',
    ]);

    const statuses = new Set(findings.map((finding: { status: string }) => finding.status));
    expect(statuses).toEqual(new Set(['ROLLED_BACK', 'RESOLVED']));
    expect(summary.rollbacks).toMatchObject({ declined: 0, partial: 0, notNeeded: 0 });
    expect(summary).toMatchObject({ bad: 0, faults: 0 });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('names bad files and records, reads the rest, and ends with status 2', async () => {
    const broken = put('{"Records":[', '.json');
    const odd = put([...wideningTrail(), { eventTime: 'yesterday' }, 5]);

    const { status, stderr, summary } = await replayed([broken, odd]);

    expect(stderr.trim().split('\n')).toEqual([
      `${broken}:1:13: not JSON: the text ends too early`,
      `${odd}: $.Records[3]: not a CloudTrail record: \`eventTime\` is missing or is not a time`,
      `${odd}: $.Records[4]: a record must be a JSON object`,
    ]);
    expect(summary).toMatchObject({ records: 3, bad: 3, findings: { ACTIVE: 3 } });
    expect(status).toBe(2);
  });

  it('names policy events that are not judged yet, and counts failed calls', async () => {
    const unknown = { ...roleRecord(5, 'SetVaultAccessPolicy'), eventSource: 'glacier.amazonaws.com' };
    const failed = { ...putPolicy(6, '*'), errorCode: 'AccessDenied' };

    const { summary } = await replayed([put([unknown, failed])]);

    expect(summary).toMatchObject({ failedCalls: 1, findings: {} });
    expect(summary.notCovered).toEqual([{ event: 'glacier.amazonaws.com SetVaultAccessPolicy', count: 1 }]);
  });

  it('ends with status 1 on an ACTIVE finding only with --fail-on-findings', async () => {
    const trail = put(wideningTrail());

    expect((await run(['replay', trail, '--fail-on-findings'])).status).toBe(1);
    expect((await run(['replay', trail])).status).toBe(0);
  });

  it('does as the configuration says', async () => {
    const observe = put('{ "targets": [{ "match": "*", "mode": "observe" }] } // none', '.jsonc');

    const { findings } = await replayed([put(wideningTrail()), '--rollback', '--config', observe]);

    expect(findings).toMatchObject([{ status: 'ACTIVE', action: { kind: 'observed' } }]);
  });

  it('names every problem of a configuration and reads no trail', async () => {
    const config = put('{\n  "target": [],\n  "digestHour": 24\n}', '.jsonc');

    const { status, stdout, stderr } = await run(['replay', put(wideningTrail()), '--config', config]);

    expect(stderr).toMatch(
      new RegExp(`^${config}:2:3: \\$\\.target: .*\n${config}:3:17: \\$\\.digestHour: .*\n$`),
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('refuses a folder that holds no trail', async () => {
    mkdirSync(join(folder, 'empty'));

    expect(await run(['replay', 'empty'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no trail file'),
    });
  });
});

describe('the store on this machine', () => {
  it('keeps findings, shows them, and lets a person approve one', async () => {
    await run(['replay', put(wideningTrail()), '--store', 'kept']);

    const list = await run(['findings', '--store', 'kept', '--output', 'json']);
    const [finding] = JSON.parse(list.stdout);
    const shown = await run(['findings', finding.id.slice(0, 8), '--store', 'kept']);
    const approved = await run(['approve', finding.id, '--store', 'kept', '--who', 'ada', '--why', 'wanted']);
    const again = await run(['approve', finding.id, '--store', 'kept', '--who', 'ada', '--why', 'wanted']);
    const after = await run(['findings', '--store', 'kept', '--status', 'APPROVED']);

    expect(shown.stdout).toContain('ACTIVE: role `app` can now call');
    expect(approved).toMatchObject({ status: 0, stdout: expect.stringContaining(`Approved ${finding.id}`) });
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('already closed: APPROVED') });
    expect(after.stdout).toMatch(/^APPROVED/);
  });

  it('is refused where a file stands in its place, before anything is judged', async () => {
    const trail = put(wideningTrail());

    expect(await run(['replay', trail, '--store', trail])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `${trail}: cannot hold a store: there is a file in its place\n`,
    });
  });

  it('is missed when it is not there', async () => {
    expect(await run(['findings', '--store', 'nowhere'])).toMatchObject({
      status: 2,
      stderr: 'nowhere: no store here; name its folder with `--store`\n',
    });
  });

  it('is missed in a folder that holds something else', async () => {
    expect(await run(['findings', '--store', 'shared'])).toMatchObject({
      status: 2,
      stderr: 'shared: no store here; name its folder with `--store`\n',
    });
  });
});

describe('config check', () => {
  it('says OK of a right file, and shows it with its defaults as JSON', async () => {
    const config = put('{}', '.jsonc');

    expect(await run(['config', 'check', config])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^OK/),
    });
    expect(JSON.parse((await run(['config', 'check', config, '--output', 'json'])).stdout)).toMatchObject({
      digestHour: 6,
    });
  });

  it('names a list of critical access that can never fire, where it stands', async () => {
    const list = (resource: string) => `{
  "criticalAccess": [{ "name": "payroll", "resources": ["arn:aws:s3:::payroll/*", "${resource}"] }]
}`;

    expect(
      await run(['config', 'check', '-'], { stdin: list('arn:aws:s3:eu-west-1:111122223333:payroll/*') }),
    ).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^<stdin>:2:\d+: \$\.criticalAccess\[0\]\.resources\[1\]: `arn:aws:s3:eu-west-1:111122223333:payroll\/\*` has `eu-west-1` for its Region, .*leave it empty\n$/,
      ),
    });
    expect(await run(['config', 'check', '-'], { stdin: list('arn:aws:s3:::other/*') })).toMatchObject({
      status: 0,
    });
  });

  it('warns of a critical action that nobody knows', async () => {
    const stdin = '{"criticalAccess":[{"name":"x","actions":["iam:PassRoles"]}]}';

    expect(await run(['config', 'check', '-'], { stdin })).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('$.criticalAccess[0].actions[0]: `iam:PassRoles` is no action'),
    });
  });

  it('names the problems of a wrong one', async () => {
    expect(await run(['config', 'check', '-'], { stdin: '{ "mode": 1 }' })).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^<stdin>:1:3: \$\.mode: /),
    });
  });
});

describe('report', () => {
  it('writes a page of the findings of the store', async () => {
    await run(['replay', put(wideningTrail()), '--store', 'reported']);

    const { status, stdout } = await run(['report', '--store', 'reported']);

    expect(stdout).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(stdout).toContain('Role app can now call');
    expect(status).toBe(0);
  });

  it('names a file that cannot be written', async () => {
    expect(await run(['report', '--store', 'reported', '--out', 'no/where.html'])).toMatchObject({
      status: 2,
      stderr: 'no/where.html: cannot be written: its folder does not exist\n',
    });
  });
});
