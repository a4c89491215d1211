/** RDS's operations on sharing of snapshots in memory. Source: RDS API Reference. */
import { parseArn } from '../../policy/arn.ts';
import {
  type Account,
  capitalised,
  type Input,
  makeResource,
  type OperationContext,
  type OperationTable,
  pageOf,
  type RecordedService,
  type Resource,
  required,
  resourceOf,
  resourcesOf,
} from '../../recording/account.ts';

function valuesOf({ facts }: Resource): readonly string[] {
  return (facts.get('restore') ?? []) as readonly string[];
}

/** The operations on one sort of snapshot: `DBSnapshot` or `DBClusterSnapshot`. */
function snapshots(what: string, type: string): OperationTable {
  const id = `${what}Identifier`;
  const arnOf = (account: Account, name: string, region: string) =>
    name.startsWith('arn:')
      ? name
      : `arn:${account.partition}:rds:${region}:${account.accountId}:${type}:${name.toLowerCase()}`;
  const snapshotOf = (account: Account, input: Input, context: OperationContext) =>
    resourceOf(account, arnOf(account, required(input, id), context.region), {
      ...context,
      notFound: `${what}NotFoundFault`,
    });
  const shown = (name: unknown, snapshot: Resource) => ({
    [`${what}AttributesResult`]: {
      [id]: name,
      [`${what}Attributes`]: [{ AttributeName: 'restore', AttributeValues: valuesOf(snapshot) }],
    },
  });
  const make =
    (name: string): OperationTable[string] =>
    (account, input, { region, now }) => {
      makeResource(account, arnOf(account, required(input, name), region), now);
      return {};
    };
  return {
    [`Create${what}`]: make(id),
    [`Copy${what}`]: make(`Target${id}`),
    [`Delete${what}`](account, input, { region }) {
      account.resources.delete(arnOf(account, required(input, id), region));
      return {};
    },
    [`Describe${what}Attributes`]: (account, input, context) =>
      shown(input[id], snapshotOf(account, input, { ...context, lenient: false })),
    [`Modify${what}Attribute`](account, input, context) {
      const snapshot = snapshotOf(account, input, context);
      const added = (input['ValuesToAdd'] ?? []) as readonly string[];
      const removed = (input['ValuesToRemove'] ?? []) as readonly string[];
      const kept = valuesOf(snapshot).filter((value) => !removed.includes(value) && !added.includes(value));
      snapshot.facts.set('restore', [...kept, ...added]);
      return shown(input[id], snapshot);
    },
    [`Describe${what}s`](account, input, { region }) {
      const all = resourcesOf(account, 'rds', region).filter(({ arn }) =>
        parseArn(arn).resource.startsWith(`${type}:`),
      );
      const { items, next } = pageOf(all, input['Marker'], 100);
      return { [`${what}s`]: items.map(({ arn }) => ({ [`${what}Arn`]: arn })), Marker: next };
    },
  };
}

export const RDS: RecordedService = {
  client: 'rds',
  source: 'rds.amazonaws.com',
  operations: {
    ...snapshots('DBSnapshot', 'snapshot'),
    ...snapshots('DBClusterSnapshot', 'cluster-snapshot'),
  },
  // `dBSnapshotIdentifier`: only the first letter is small.
  toInput: capitalised,
};
