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
  type AccessEntries,
  type AccessEntryFacts,
  type AssociatedPolicy,
  accessEntryDocument,
  ENTRY,
  entriesOf,
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
  async restore({ accepted, from }, { eks }) {
    const [lost] = Object.entries(entriesOf(accepted, from)).find(([, facts]) => facts === undefined) ?? [];
    if (lost !== undefined)
      return {
        kind: 'cannot-undo',
        cause: `the settings of the access entry of ${lost} were not kept; make it again by hand`,
      };
    const [wanted, known] = [settingsOf(accepted, from), settingsOf(from)];
    return restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, eks),
      plan: (live) => plan(nameOf(accepted.target), { wanted, there: settingsOf(live) }, eks),
      isHalfway: (live) =>
        live.exists && liesBetween(elementsOf(settingsOf(live)), [elementsOf(wanted), elementsOf(known)]),
    });
  },
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

/** Throws a fault iff the settings of an entry were not kept. */
function settingsOf(snapshot: Snapshot, other?: Snapshot): AccessEntries {
  const entries = Object.entries(entriesOf(snapshot, other)).map(([principalArn, facts]) => {
    if (facts === undefined)
      throw new TargetFault(`the settings of the access entry of ${principalArn} were not kept`);
    return [principalArn, facts] as const;
  });
  return Object.fromEntries(entries);
}

/** What the entries are made of: their settings, and each policy. */
function elementsOf(entries: AccessEntries): string[] {
  return Object.entries(entries).flatMap(([principalArn, { policies, ...settings }]) =>
    [settings, ...policies].map((element) => JSON.stringify([principalArn, element])),
  );
}

function plan(
  clusterName: string,
  { wanted, there }: { readonly wanted: AccessEntries; readonly there: AccessEntries },
  eks: Eks,
): Write[] {
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
