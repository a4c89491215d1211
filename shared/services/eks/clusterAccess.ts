/** EKS clusters: who reaches their Kubernetes by access entries, a part an entry. */
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  DisassociateAccessPolicyCommand,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
  ListClustersCommand,
  UpdateAccessEntryCommand,
} from '@aws-sdk/client-eks';
import { partitionOf } from '../../policy/arn.ts';
import {
  allPages,
  collectPages,
  liesBetween,
  orFault,
  readListed,
  restoreByWrites,
  TargetFault,
  unless,
  type Write,
} from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';
import {
  type AccessEntryFacts,
  type AssociatedPolicy,
  accessEntryDocument,
  ENTRY,
} from './clusterAccessDocument.ts';

type Eks = AwsClients['eks'];

const NOT_THERE = ['ResourceNotFoundException'];

export const clusterAccess: TargetOperations = {
  read: (target, { eks }) => read(target, eks),
  async *list({ eks }, place) {
    const clusters = allPages(async (nextToken) => {
      const page = await orFault(eks.send(new ListClustersCommand({ nextToken })));
      return { items: page.clusters ?? [], next: page.nextToken };
    });
    const { accountId, region } = place;
    for await (const name of clusters) {
      const arn = `arn:${partitionOf(region)}:eks:${region}:${accountId}:cluster/${name}`;
      yield { kind: 'cluster-access', arn, ...place };
    }
  },
  restore: ({ accepted, from }, { eks }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, eks),
      plan: (live) => plan({ accepted, live }, eks),
      isHalfway: (live) =>
        live.exists && liesBetween(elementsOf(live), [elementsOf(accepted), elementsOf(from)]),
    }),
};

function nameOf({ arn }: TargetRef): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

async function read(target: TargetRef, eks: Eks): Promise<Snapshot> {
  const clusterName = nameOf(target);
  const found = await unless(NOT_THERE, eks.send(new DescribeClusterCommand({ name: clusterName })));
  if (found?.cluster === undefined) return absentSnapshot(target);
  const held = await readListed(
    () => principalsOf(clusterName, eks),
    async (principalArn) => {
      const entry = await readEntry({ clusterName, principalArn }, eks);
      return entry && ([principalArn, entry] as const);
    },
  );
  const entries: { readonly [principalArn: string]: AccessEntryFacts } = Object.fromEntries(held);
  const { createdAt: created } = found.cluster;
  return makeSnapshot({
    target,
    exists: true,
    // A cluster has no other id; one made again under its name is another.
    ...(created === undefined ? {} : { uniqueId: created.toISOString(), createdAt: created.toISOString() }),
    parts: Object.entries(entries).map(([principalArn, entry]) => ({
      id: `${ENTRY}${principalArn}`,
      role: 'resource',
      document: accessEntryDocument(entry, { principalArn, clusterArn: target.arn }),
    })),
    restoreHints: { entries },
  });
}

/** A cluster that takes only its old configuration map has no entries to list. */
async function principalsOf(clusterName: string, eks: Eks): Promise<string[]> {
  return collectPages(async (nextToken) => {
    const page = await unless(
      ['InvalidRequestException'],
      eks.send(new ListAccessEntriesCommand({ clusterName, nextToken })),
    );
    return { items: page?.accessEntries ?? [], next: page?.nextToken };
  });
}

type EntryPlace = { readonly clusterName: string; readonly principalArn: string };

async function readEntry(place: EntryPlace, eks: Eks): Promise<AccessEntryFacts | undefined> {
  const found = await unless(NOT_THERE, eks.send(new DescribeAccessEntryCommand(place)));
  if (found?.accessEntry === undefined) return undefined;
  const { type, username, kubernetesGroups = [] } = found.accessEntry;
  const associated = await collectPages(async (nextToken) => {
    const page = await orFault(eks.send(new ListAssociatedAccessPoliciesCommand({ ...place, nextToken })));
    return { items: page.associatedAccessPolicies ?? [], next: page.nextToken };
  });
  const policies = associated.map(({ policyArn = '', accessScope }) => ({
    policyArn,
    scope: accessScope?.type ?? 'cluster',
    namespaces: [...(accessScope?.namespaces ?? [])].sort(),
  }));
  return {
    ...(type === undefined ? {} : { type }),
    ...(username === undefined ? {} : { username }),
    kubernetesGroups: [...kubernetesGroups].sort(),
    policies: policies.sort((a, b) => (a.policyArn < b.policyArn ? -1 : 1)),
  };
}

function entriesOf({ restoreHints }: Snapshot): { readonly [principalArn: string]: AccessEntryFacts } {
  const entries = restoreHints?.['entries'];
  if (typeof entries !== 'object' || entries === null)
    throw new TargetFault('the kept version of the cluster holds no access entries');
  return entries as { readonly [principalArn: string]: AccessEntryFacts }; // `read` put them there.
}

/** What the entries are made of: their settings, and each policy. */
function elementsOf(snapshot: Snapshot): string[] {
  return Object.entries(entriesOf(snapshot)).flatMap(([principalArn, { policies, ...settings }]) =>
    [settings, ...policies].map((element) => JSON.stringify([principalArn, element])),
  );
}

function plan(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  eks: Eks,
): Write[] {
  const clusterName = nameOf(accepted.target);
  const [wanted, there] = [entriesOf(accepted), entriesOf(live)];
  const surplus = Object.keys(there).filter((principalArn) => wanted[principalArn] === undefined);
  return [
    ...surplus.map((principalArn) => ({
      operation: 'DeleteAccessEntry',
      summary: `take the access entry of ${principalArn} from cluster ${clusterName}`,
      send: () => eks.send(new DeleteAccessEntryCommand({ clusterName, principalArn })),
    })),
    ...Object.entries(wanted).flatMap(([principalArn, entry]) =>
      entryWrites({ clusterName, principalArn }, { entry, known: there[principalArn] }, eks),
    ),
  ];
}

type EntryChange = { readonly entry: AccessEntryFacts; readonly known: AccessEntryFacts | undefined };

/** What is not accepted goes before anything comes back. */
function entryWrites(place: EntryPlace, { entry, known }: EntryChange, eks: Eks): Write[] {
  const who = `${place.principalArn} in cluster ${place.clusterName}`;
  const { type, username, kubernetesGroups } = entry;
  const same = (a: AssociatedPolicy) => (b: AssociatedPolicy) => JSON.stringify(a) === JSON.stringify(b);
  const gone = (known?.policies ?? []).filter(
    ({ policyArn }) => !entry.policies.some((one) => one.policyArn === policyArn),
  );
  const missing = entry.policies.filter((policy) => !(known?.policies ?? []).some(same(policy)));
  const settings = {
    ...(username === undefined ? {} : { username }),
    kubernetesGroups: [...kubernetesGroups],
  };
  const isChanged =
    known !== undefined &&
    (known.username !== username ||
      JSON.stringify(known.kubernetesGroups) !== JSON.stringify(kubernetesGroups));
  return [
    ...gone.map(({ policyArn }) => ({
      operation: 'DisassociateAccessPolicy',
      summary: `take access policy ${policyArn} from ${who}`,
      send: () => eks.send(new DisassociateAccessPolicyCommand({ ...place, policyArn })),
    })),
    ...(isChanged
      ? [
          {
            operation: 'UpdateAccessEntry',
            summary: `restore name and groups of ${who}`,
            send: () => eks.send(new UpdateAccessEntryCommand({ ...place, ...settings })),
          },
        ]
      : []),
    ...(known === undefined
      ? [
          {
            operation: 'CreateAccessEntry',
            summary: `restore the access entry of ${who}`,
            send: () =>
              eks.send(
                new CreateAccessEntryCommand({
                  ...place,
                  ...settings,
                  ...(type === undefined ? {} : { type }),
                }),
              ),
          },
        ]
      : []),
    ...missing.map(({ policyArn, scope, namespaces }) => ({
      operation: 'AssociateAccessPolicy',
      summary: `restore access policy ${policyArn} of ${who}`,
      send: () =>
        eks.send(
          new AssociateAccessPolicyCommand({
            ...place,
            policyArn,
            accessScope:
              scope === 'namespace' ? { type: scope, namespaces: [...namespaces] } : { type: 'cluster' },
          }),
        ),
    })),
  ];
}
