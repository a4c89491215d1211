/** Which commands deploy the guard into its Regions: the hub first, since only there are events of IAM. */
import { parseArgs } from 'node:util';
import type { Wanted } from '../cli/doctor/preflight.ts';
import { iamRegionOf, partitionOf } from '../shared/policy/arn.ts';

export type DeployPlan = {
  /** Each a program's arguments, in order; the first that fails ends it. */
  readonly commands: readonly (readonly string[])[];
  /** True iff the commands are only to be shown. */
  readonly dryRun: boolean;
  /** True iff the account is to be looked at before. */
  readonly checks: boolean;
  readonly stack: string;
  /** The hub first. */
  readonly regions: readonly string[];
  /** What is asked for that needs something of the account. */
  readonly wanted: Wanted;
};

export const USAGE = `npm run deploy -- [--hub us-east-1] [--regions eu-west-1,eu-central-1] [--stage prod]
                  [--param name=value ...] [--hub-param name=value ...] [--dry-run] [--no-checks]

First checks, read-only, what each Region needs: quotas, free names, permissions, a trail.
Then deploys the guard to the hub, the Region where IAM's events appear, and to each of the other Regions.
--param sets a parameter in every Region, --hub-param only in the hub: organizationId=o-..., memberExternalId=...
--dry-run only prints the commands.`;

/** What only the hub has. */
const HUB_PARAMS = new Set(['organizationId', 'memberExternalId']);
/**
 * CloudFormation makes names of stack, logical id and a random part, and cuts what gets too long; a rule's name, 64
 * characters at most, must begin with the whole name of the stack, or the queue of events would not let it in.
 */
export const MAX_STAGE = 18;
const STAGE = new RegExp(`^[a-zA-Z0-9-]{1,${MAX_STAGE}}$`);
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Returns the plan. Throws an error of one sentence when the arguments cannot be carried out. */
export function deployPlan(argv: readonly string[]): DeployPlan {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      hub: { type: 'string', default: 'us-east-1' },
      regions: { type: 'string', default: '' },
      stage: { type: 'string', default: 'prod' },
      param: { type: 'string', multiple: true, default: [] },
      'hub-param': { type: 'string', multiple: true, default: [] },
      'dry-run': { type: 'boolean', default: false },
      'no-checks': { type: 'boolean', default: false },
    },
  });
  const { hub, stage, param, 'hub-param': hubParam } = values;
  const others = values.regions.split(',').filter((region) => region !== '');
  refuse(hub, others);
  if (!STAGE.test(stage))
    throw new Error(`stage \`${stage}\`: write at most ${MAX_STAGE} letters, digits and hyphens`);
  for (const given of [...param, ...hubParam]) {
    if (!/^\w+=/.test(given)) throw new Error(`parameter \`${given}\`: write it as name=value`);
  }
  const misplaced = param.find((given) => HUB_PARAMS.has(given.split('=')[0] ?? ''));
  if (misplaced !== undefined)
    throw new Error(`parameter \`${misplaced}\` is for the hub only; use --hub-param`);
  const deploy = (region: string, params: readonly string[]) => [
    'node_modules/osls/bin/serverless.js',
    'deploy',
    ...['--stage', stage, '--region', region],
    ...params.flatMap((given) => ['--param', given]),
  ];
  return {
    commands: [
      ['scripts/package.ts'],
      deploy(hub, [...param, ...hubParam]),
      ...others.map((region) => deploy(region, param)),
    ],
    dryRun: values['dry-run'],
    checks: !values['no-checks'],
    stack: `ratchet-${stage}`,
    regions: [hub, ...others],
    wanted: {
      reservedConcurrency: param.includes('reservedConcurrency=on'),
      securityHub: param.includes('securityHub=on'),
    },
  };
}

function refuse(hub: string, others: readonly string[]): void {
  const wrong = [hub, ...others].find((region) => !REGION.test(region));
  if (wrong !== undefined) throw new Error(`\`${wrong}\` is not a Region; write one such as eu-west-1`);
  if (iamRegionOf(hub) !== hub)
    throw new Error(
      `IAM's events appear in ${iamRegionOf(hub)}, not in ${hub}; use --hub ${iamRegionOf(hub)}`,
    );
  const foreign = others.find((region) => partitionOf(region) !== partitionOf(hub));
  if (foreign !== undefined)
    throw new Error(`${foreign} is in another partition than ${hub}; deploy each partition separately`);
  const again = others.find((region, index) => region === hub || others.indexOf(region) !== index);
  if (again !== undefined) throw new Error(`${again} is named twice; name each Region once`);
}
