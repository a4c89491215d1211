import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCommand } from './command.ts';

const { folder, run } = builtCommand();

describe('a word that is misspelt', () => {
  it.each([
    [['chek-no-new-access'], "unknown command 'chek-no-new-access' (Did you mean check-no-new-access?)"],
    [['help', 'raplay'], "unknown command 'raplay' (Did you mean replay?)"],
    [
      ['check-no-new-access', '--polcy-type', 'IDENTITY_POLICY'],
      "unknown option '--polcy-type' (Did you mean --policy-type?)",
    ],
    [
      ['check-no-new-access', '--output', 'jsn'],
      "option '--output <format>' argument 'jsn' is invalid. Allowed choices are text, json, sarif, github. (Did you mean json?)",
    ],
    [
      ['completion', 'tcsh'],
      "command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.",
    ],
    [
      ['check-no-new-access', '--policy-type', 'identity'],
      "option '--policy-type <type>' argument 'identity' is invalid. Allowed choices are IDENTITY_POLICY, RESOURCE_POLICY, SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY, VPC_ENDPOINT_POLICY, GATEWAY_ENDPOINT_POLICY, INTERFACE_ENDPOINT_POLICY. (Did you mean IDENTITY_POLICY?)",
    ],
  ])('%j is answered with what was meant', async (args, answer) => {
    expect(await run(args)).toEqual({ status: 2, stdout: '', stderr: `ratchet: ${answer}\n` });
  });

  it('leaves a flag that is really missing to be named', async () => {
    const { status, stderr } = await run(['check-no-new-access', '--policy-type', 'IDENTITY_POLICY']);

    expect(stderr).toBe("ratchet: required option '--existing-policy-document <file>' not specified\n");
    expect(status).toBe(2);
  });
});

describe('colour', () => {
  it('stays out of a pipe unless it is forced', async () => {
    const args = ['check-access-not-granted', '--policy-type', 'IDENTITY_POLICY'];
    const asked = [...args, '--policy-document', '{"Statement":[]}', '--access', 'actions=s3:GetObject'];

    expect((await run(asked)).stdout).toMatch(/^PASS {2}/);
    expect((await run(asked, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[32mPASS\u001b[39m');
  });
});

describe('completion', () => {
  let script = '';
  beforeAll(async () => {
    script = join(folder, 'completion.bash');
    const { stdout } = await run(['completion', 'bash']);
    writeFileSync(script, stdout);
    writeFileSync(join(folder, 'some-policy.json'), '{}');
  });

  /** What bash offers after these words. */
  const offered = (...words: string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        `source '${script}'; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ratchet; echo "\${COMPREPLY[*]}"`,
        '-',
        'ratchet',
        ...words,
      ],
      { cwd: folder, encoding: 'utf8' },
    ).trim();

  it.each([
    [['check-no-n'], 'check-no-new-access'],
    [['config', 'c'], 'check'],
    [['check-no-new-access', '--exi'], '--existing-policy-document'],
    [['check-no-new-access', '--output', ''], 'text json sarif github'],
    [['check-no-new-access', '--solver', 'b'], 'both'],
    [['batch', 'some'], 'some-policy.json'],
    [['check-no-new-access', '--new-policy-document', 'some'], 'some-policy.json'],
    [['completion', 'z'], 'zsh'],
  ])('in bash after %j offers %s', (words, answer) => {
    expect(offered(...words)).toBe(answer);
  });

  it('in zsh is that of bash, after what makes zsh take it', async () => {
    const { stdout } = await run(['completion', 'zsh']);

    expect(stdout).toMatch(/^autoload -U \+X bashcompinit && bashcompinit\n/);
    expect(stdout).toContain('complete -o filenames -F _ratchet ratchet');
  });

  it('in fish offers commands where none was named, and the flags of the one that was', async () => {
    const { stdout } = await run(['completion', 'fish']);

    expect(stdout).toContain("-n '__fish_use_subcommand' -f -a batch -d 'run many checks");
    expect(stdout).toContain("-n '__fish_seen_subcommand_from batch' -l timeout-ms -r -d");
    expect(stdout).toContain("-l solver -r -f -a 'auto atoms z3 both'");
  });
});
