/** EKS's operations on access entries in memory. Source: EKS API Reference. */
import {
  type Account,
  AwsError,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  optional,
  type RecordedService,
  type Resource,
  required,
  resourceOf,
  resourcesOf,
} from '../../recording/account.ts';

import { generatedName } from './clusterAccessDocument.ts';

const NOT_FOUND = 'ResourceNotFoundException';

type Entry = { settings: Input; readonly policies: Map<string, Input> };

function clusterArn(account: Account, name: string, region: string): string {
  return `arn:${account.partition}:eks:${region}:${account.accountId}:cluster/${name}`;
}

function clusterOf(account: Account, name: string, { lenient, region }: OperationContext): Resource {
  return resourceOf(account, clusterArn(account, name, region), { lenient, notFound: NOT_FOUND });
}

function entriesOf(account: Account, input: Input, context: OperationContext): Map<string, Entry> {
  const cluster = clusterOf(account, required(input, 'clusterName'), context);
  const known = cluster.facts.get('entries');
  if (known instanceof Map) return known as Map<string, Entry>;
  const entries = new Map<string, Entry>();
  cluster.facts.set('entries', entries);
  return entries;
}

function entryOf(account: Account, input: Input, context: OperationContext): Entry {
  const entries = entriesOf(account, input, context);
  const principalArn = required(input, 'principalArn');
  const known = entries.get(principalArn);
  if (known !== undefined) return known;
  if (!context.lenient) throw new AwsError(NOT_FOUND, `there is no access entry of ${principalArn}`);
  const entry = { settings: {}, policies: new Map<string, Input>() };
  entries.set(principalArn, entry);
  return entry;
}

const settingsOf = ({ type, username, kubernetesGroups }: Input): Input =>
  Object.fromEntries(
    Object.entries({ type, username, kubernetesGroups }).filter(([, value]) => value !== undefined),
  );

const reading = (context: OperationContext): OperationContext => ({ ...context, lenient: false });

const OPERATIONS: OperationTable = {
  CreateCluster(account, input, { now, region }) {
    const { arn } = makeResource(account, clusterArn(account, required(input, 'name'), region), now);
    return { cluster: { arn, name: input['name'], createdAt: now } };
  },
  DeleteCluster(account, input, context) {
    account.resources.delete(clusterOf(account, required(input, 'name'), context).arn);
    return {};
  },
  DescribeCluster(account, input, context) {
    const { arn, created } = clusterOf(account, required(input, 'name'), reading(context));
    return { cluster: { arn, name: input['name'], createdAt: created } };
  },
  ListClusters: (account, _, { region }) => ({
    clusters: resourcesOf(account, 'eks', region).map(({ arn }) => arn.slice(arn.lastIndexOf('/') + 1)),
  }),
  CreateAccessEntry(account, input, context) {
    const entries = entriesOf(account, input, context);
    const principalArn = required(input, 'principalArn');
    if (entries.has(principalArn) && !context.lenient)
      throw new AwsError('ResourceInUseException', `${principalArn} has an access entry`);
    const policies = entries.get(principalArn)?.policies ?? new Map<string, Input>();
    const named = { username: generatedName(principalArn), kubernetesGroups: [] };
    const settings = { type: 'STANDARD', ...named, ...settingsOf(input) };
    entries.set(principalArn, { settings, policies });
    return { accessEntry: { principalArn, ...settings } };
  },
  UpdateAccessEntry(account, input, context) {
    const entry = entryOf(account, input, context);
    entry.settings = { ...entry.settings, ...settingsOf(input) };
    return {};
  },
  DeleteAccessEntry(account, input, context) {
    entriesOf(account, input, context).delete(required(input, 'principalArn'));
    return {};
  },
  DescribeAccessEntry: (account, input, context) => ({
    accessEntry: {
      principalArn: input['principalArn'],
      ...entryOf(account, input, reading(context)).settings,
    },
  }),
  ListAccessEntries: (account, input, context) => ({
    accessEntries: [...entriesOf(account, input, reading(context)).keys()],
  }),
  AssociateAccessPolicy(account, input, context) {
    const policyArn = required(input, 'policyArn');
    const accessScope = input['accessScope'] ?? { type: 'cluster' };
    entryOf(account, input, context).policies.set(policyArn, { policyArn, accessScope });
    return {};
  },
  DisassociateAccessPolicy(account, input, context) {
    entryOf(account, input, context).policies.delete(required(input, 'policyArn'));
    return {};
  },
  ListAssociatedAccessPolicies: (account, input, context) => ({
    associatedAccessPolicies: [...entryOf(account, input, reading(context)).policies.values()],
  }),
};

/** Parameters keep their names; the cluster is `name` in records, and the principal's ARN is escaped as in the call's path. */
export const EKS: RecordedService = {
  client: 'eks',
  source: 'eks.amazonaws.com',
  operations: OPERATIONS,
  toInput(request) {
    const principalArn = optional(request, 'principalArn');
    const policyArn = optional(request, 'policyArn');
    return {
      ...request,
      clusterName: request['clusterName'] ?? request['name'],
      ...(principalArn === undefined ? {} : { principalArn: decodeURIComponent(principalArn) }),
      ...(policyArn === undefined ? {} : { policyArn: decodeURIComponent(policyArn) }),
    };
  },
  toRequest({ clusterName, ...input }) {
    return { ...input, ...(clusterName === undefined ? {} : { name: clusterName }) };
  },
  toResponse: ({ accessEntry }) => (accessEntry === undefined ? {} : { accessEntry }),
};
