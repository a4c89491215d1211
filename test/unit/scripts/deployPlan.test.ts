import { describe, expect, it } from 'vitest';
import { deployPlan } from '../../../scripts/deployPlan.ts';

const linesOf = (...argv: string[]) => deployPlan(argv).commands.map((command) => command.join(' '));
const OSLS = 'node_modules/osls/bin/serverless.js deploy --stage prod';

describe('deployPlan', () => {
  it('packages once and deploys the one Region where events of IAM appear', () => {
    expect(linesOf()).toEqual(['scripts/package.ts', `${OSLS} --region us-east-1`]);
    expect(deployPlan([]).dryRun).toBe(false);
    expect(deployPlan(['--dry-run']).dryRun).toBe(true);
  });

  it('deploys the hub first and the organization there alone', () => {
    const lines = linesOf(
      ...['--regions', 'eu-west-1,ap-southeast-2', '--param', 'chat=slack'],
      ...['--hub-param', 'organizationId=o-a1b2c3d4e5'],
    );

    expect(lines).toEqual([
      'scripts/package.ts',
      `${OSLS} --region us-east-1 --param chat=slack --param organizationId=o-a1b2c3d4e5`,
      `${OSLS} --region eu-west-1 --param chat=slack`,
      `${OSLS} --region ap-southeast-2 --param chat=slack`,
    ]);
  });

  it.each([
    ['us-gov-west-1', 'us-gov-east-1'],
    ['cn-north-1', 'cn-northwest-1'],
  ])('takes %s as the hub of its partition', (hub, other) => {
    expect(linesOf('--hub', hub, '--regions', other)).toHaveLength(3);
  });

  it.each([
    [['--hub', 'eu-west-1'], "IAM's events appear in us-east-1, not in eu-west-1; use --hub us-east-1"],
    [
      ['--hub', 'cn-northwest-1'],
      "IAM's events appear in cn-north-1, not in cn-northwest-1; use --hub cn-north-1",
    ],
    [
      ['--regions', 'cn-north-1'],
      'cn-north-1 is in another partition than us-east-1; deploy each partition separately',
    ],
    [['--regions', 'eu-west-1,us-east-1'], 'us-east-1 is named twice; name each Region once'],
    [['--regions', 'eu-west-1,eu-west-1'], 'eu-west-1 is named twice; name each Region once'],
    [['--regions', 'ireland'], '`ireland` is not a Region; write one such as eu-west-1'],
    [['--stage', 'my_stage'], 'stage `my_stage`: write at most 18 letters, digits and hyphens'],
    [
      ['--stage', 'a-stage-that-is-too-long'],
      'stage `a-stage-that-is-too-long`: write at most 18 letters, digits and hyphens',
    ],
    [['--param', 'chat'], 'parameter `chat`: write it as name=value'],
    [
      ['--param', 'organizationId=o-a1b2c3d4e5'],
      'parameter `organizationId=o-a1b2c3d4e5` is for the hub only; use --hub-param',
    ],
    [['--region', 'eu-west-1'], "Unknown option '--region'"],
  ])('refuses %s', (argv, message) => {
    expect(() => deployPlan(argv)).toThrow(message);
  });
});
