import { describe, expect, it } from 'vitest';
import { ADDED } from '../../cli/doctor/preflight.ts';
import { MAX_STAGE } from '../../scripts/deployPlan.ts';
import { QUOTAS } from './quotas.ts';
import { type Deployment, deployed, readTemplate } from './template.ts';

const template = readTemplate();
const plain: Deployment = { accountId: '111122223333', region: 'us-east-1', stackName: 'ratchet-prod' };
/** Every feed and option at its largest, but for what a new account cannot have. */
const everything = {
  ChatForm: 'slack',
  ConfigPlace: 'bucket',
  FindingsBusSwitch: 'on',
  SecurityHubSwitch: 'on',
  OcsfBucketName: 'b'.repeat(63),
  OrganizationId: `o-${'a'.repeat(32)}`,
  MemberExternalId: 'x'.repeat(1_224),
};
const stackOf = (stage: string) => `ratchet-${stage}`;

const DEPLOYMENTS: readonly (readonly [name: string, deployment: Deployment])[] = [
  ['as it comes', plain],
  ['with every feed and option', { ...plain, parameters: everything }],
  [
    'with all that and the longest stage, in a Region with a long name',
    {
      ...plain,
      parameters: everything,
      stackName: stackOf('s'.repeat(MAX_STAGE)),
      region: 'ap-northeast-1',
    },
  ],
  ['in China', { ...plain, parameters: everything, region: 'cn-northwest-1' }],
  ['in GovCloud', { ...plain, parameters: everything, region: 'us-gov-west-1' }],
];

describe.each(DEPLOYMENTS)('a deployment %s', (_, deployment) => {
  const resources = deployed(template, deployment);

  it.each(QUOTAS)('keeps the quota of $name', ({ most, measure }) => {
    const [amount, where] = measure(resources);

    expect(amount, where).toBeLessThanOrEqual(most);
  });

  it('names nothing of another partition or Region', () => {
    const text = JSON.stringify(resources);
    const partition = deployment.region.startsWith('cn-')
      ? 'aws-cn'
      : deployment.region.startsWith('us-gov-')
        ? 'aws-us-gov'
        : 'aws';
    const others = [...text.matchAll(/\barn:([a-z-]+):/g)].filter(([, one]) => one !== partition);
    const regions = [...text.matchAll(/\b[a-z]{2}(?:-gov)?-(?:north|south|east|west|central)[a-z]*-\d\b/g)];

    expect(others.map(([arn]) => arn)).toEqual([]);
    expect(regions.filter(([region]) => region !== deployment.region).map(([region]) => region)).toEqual([]);
  });
});

it('what the look before a deployment counts is what the template makes, with everything on', () => {
  const resources = deployed(template, { ...plain, parameters: everything });
  const count = (type: string) => resources.filter(({ Type }) => Type === type).length;
  const [onRole] = QUOTAS.find(({ name }) => name === 'managed policies on a role')?.measure(resources) ?? [];

  expect(ADDED).toEqual({
    roles: count('AWS::IAM::Role'),
    policies: count('AWS::IAM::ManagedPolicy'),
    onRole,
  });
});

it('a stage that is one character longer has a name that is cut, which its own patterns would not match', () => {
  const resources = deployed(template, { ...plain, stackName: stackOf('s'.repeat(MAX_STAGE + 1)) });

  expect(QUOTAS.filter(({ most, measure }) => measure(resources)[0] > most).map(({ name }) => name)).toEqual([
    'characters of the name of an AWS::Events::Rule',
  ]);
});

it('a reserved concurrency is refused by a new account, so it is off unless asked for', () => {
  const resources = deployed(template, { ...plain, parameters: { ReservedConcurrencySwitch: 'on' } });

  expect(QUOTAS.filter(({ most, measure }) => measure(resources)[0] > most).map(({ name }) => name)).toEqual([
    'reserved concurrent executions',
  ]);
});

describe('two stacks in one account and Region', () => {
  const [one, two] = ['prod', 'dev'].map((stage) =>
    deployed(template, { ...plain, parameters: everything, stackName: stackOf(stage) }),
  );

  it('have no name in common', () => {
    const names = new Set(one?.map(({ Type, physicalId }) => `${Type} ${physicalId}`));

    expect(two?.filter(({ Type, physicalId }) => names.has(`${Type} ${physicalId}`))).toEqual([]);
  });

  it('count by metrics of their own, so that one does not answer for the other', () => {
    const metricsOf = (resources: typeof one = []) =>
      resources
        .filter(({ Type }) => Type === 'AWS::Logs::MetricFilter')
        .flatMap(({ Properties }) => Properties['MetricTransformations'] as { MetricNamespace: string }[])
        .map(({ MetricNamespace }) => MetricNamespace);

    expect(new Set(metricsOf(one))).toEqual(new Set(['Ratchet/ratchet-prod']));
    expect(new Set(metricsOf(two))).toEqual(new Set(['Ratchet/ratchet-dev']));
  });
});
