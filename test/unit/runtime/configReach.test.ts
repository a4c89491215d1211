import { describe, expect, it } from 'vitest';
import { heldToReach } from '../../../shared/runtime/configReach.ts';
import { loadConfig, renderConfigProblem } from '../../../shared/runtime/loadConfig.ts';

/** What is said of a configuration that lists the access. */
async function saidOf(...criticalAccess: readonly object[]): Promise<readonly string[]> {
  const held = await heldToReach(loadConfig(JSON.stringify({ criticalAccess }), 'ratchet.config.jsonc'));
  return (held.ok ? held.warnings : held.problems).map(renderConfigProblem);
}

const roles = { name: 'roles', actions: ['iam:PassRole'], resources: ['arn:aws:iam::111122223333:role/*'] };

describe('a list of critical access', () => {
  it('that calls can be about needs no word', async () => {
    expect(await saidOf(roles)).toEqual([]);
  });

  it('whose actions take none of its resources is named, where it stands', async () => {
    const odd = { name: 'odd', actions: ['iam:PassRole'], resources: ['arn:aws:s3:::payroll/*'] };

    expect(await saidOf(roles, odd)).toEqual([
      expect.stringMatching(
        /^ratchet\.config\.jsonc:1:\d+: \$\.criticalAccess\[1\]: by the Service Authorization Reference, no listed action takes such a resource/,
      ),
    ]);
  });

  it('of an action that the reference lacks is asked about, and nothing is said of its pairs', async () => {
    const odd = { name: 'odd', actions: ['iam:PassRoll'], resources: ['arn:aws:s3:::payroll/*'] };

    expect(await saidOf(odd)).toEqual([expect.stringContaining('is it spelled so?')]);
  });

  it('of actions alone, or resources alone, names no pair', async () => {
    const { actions, resources } = roles;

    expect(await saidOf({ name: 'a', actions }, { name: 'b', resources })).toEqual([]);
  });
});
