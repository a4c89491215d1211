/** A pipeline makes an access entry of a cluster, and an intruder changes it before anybody has looked. */
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  CreateClusterCommand,
  DescribeAccessEntryCommand,
  DisassociateAccessPolicyCommand,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
} from '@aws-sdk/client-eks';
import { expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, createSetting, type Setting, settleAndWake } from './setting.ts';

const clusterName = 'web';
const principalArn = `arn:aws:iam::${ACCOUNT}:role/app`;
const [VIEW, EDIT] = ['AmazonEKSViewPolicy', 'AmazonEKSEditPolicy'].map(
  (name) => `arn:aws:eks::aws:cluster-access-policy/${name}`,
);

/** A cluster without entries, known to the guard. */
async function withCluster(): Promise<Setting> {
  const setting = createSetting();
  const asked = { name: clusterName, roleArn: 'r', resourcesVpcConfig: {} };
  await setting.later(({ eks }) => eks.send(new CreateClusterCommand(asked)));
  await setting.later(async () => undefined);
  setting.pass(60);
  return setting;
}

type Given = { readonly username?: string; readonly kubernetesGroups?: string[] };

const make = ({ eks }: AwsClients, given: Given) =>
  eks.send(new CreateAccessEntryCommand({ clusterName, principalArn, ...given }));

const give = ({ eks }: AwsClients, policyArn: string | undefined) =>
  eks.send(
    new AssociateAccessPolicyCommand({
      clusterName,
      principalArn,
      policyArn,
      accessScope: { type: 'cluster' },
    }),
  );

/** Groups and policies of the entry; undefined: there is none. */
async function held({ clients: { eks } }: Setting) {
  const { accessEntries = [] } = await eks.send(new ListAccessEntriesCommand({ clusterName }));
  if (!accessEntries.includes(principalArn)) return undefined;
  const { accessEntry } = await eks.send(new DescribeAccessEntryCommand({ clusterName, principalArn }));
  const asked = new ListAssociatedAccessPoliciesCommand({ clusterName, principalArn });
  const { associatedAccessPolicies = [] } = await eks.send(asked);
  return [
    ...(accessEntry?.kubernetesGroups ?? []),
    ...associatedAccessPolicies.map(({ policyArn }) => policyArn),
  ];
}

it('an entry stays when a policy is removed from it, while its maker is unknown', async () => {
  const setting = await withCluster();

  await make(setting.pipeline, { kubernetesGroups: ['deployers'] });
  await give(setting.pipeline, VIEW);
  await give(setting.pipeline, EDIT);
  const late = setting.records.splice(0);
  setting.pass(1);
  const taken = { clusterName, principalArn, policyArn: EDIT };
  await setting.clients.eks.send(new DisassociateAccessPolicyCommand(taken));
  setting.pass(1);
  await setting.settle();
  expect(await held(setting)).toEqual(['deployers', VIEW]);

  setting.records.push(...late);
  setting.pass(1);
  await settleAndWake(setting);

  expect(await held(setting)).toEqual(['deployers', VIEW]);
});

it.each<Given>([{}, { username: 'app' }, { kubernetesGroups: ['deployers'] }])(
  'only the policy goes that was added to an entry seconds after a pipeline made it: %o',
  async (given) => {
    const setting = await withCluster();

    await make(setting.pipeline, given);
    setting.pass(0.1);
    await give(setting.clients, EDIT);
    setting.pass(0.2);
    await settleAndWake(setting);

    expect(await held(setting)).toEqual(given.kubernetesGroups ?? []);
  },
);

it('only the policy goes when the event of the entry’s making comes later', async () => {
  const setting = await withCluster();

  await make(setting.pipeline, { kubernetesGroups: ['deployers'] });
  await give(setting.pipeline, VIEW);
  const late = setting.records.splice(0);
  setting.pass(0.1);
  await give(setting.clients, EDIT);
  setting.pass(1);
  await setting.settle();
  expect(await held(setting)).toEqual(expect.arrayContaining(['deployers', VIEW]));

  setting.records.push(...late);
  setting.pass(1);
  await settleAndWake(setting);

  expect(await held(setting)).toEqual(['deployers', VIEW]);
});

it('an entry stays that a pipeline made, though no record shows how EKS named it', async () => {
  const setting = await withCluster();

  await make(setting.pipeline, {});
  const records = setting.records.splice(0) as object[];
  setting.records.push(...records.map((record) => ({ ...record, responseElements: null })));
  setting.pass(0.1);
  await give(setting.clients, EDIT);
  setting.pass(0.2);
  await settleAndWake(setting);

  expect(await held(setting)).toBeDefined();
});
