/** Events of RDS that say whom a snapshot is shared with. */
import { type EventFields, type EventRow, type ServiceEvents, textOf } from '../../changes/eventRow.ts';

/** The rows of one sort of snapshot: the same names but for "DB" and "DBCluster". */
function snapshotRows(what: 'DBSnapshot' | 'DBClusterSnapshot'): EventRow[] {
  const field = (prefix: string) => `${prefix}${what.slice('DB'.length)}Identifier`;
  const arn =
    (name: string) =>
    ({ request, partition, region, accountId }: EventFields): string | undefined => {
      const found = textOf(request, name);
      if (found === undefined || found.startsWith('arn:')) return found;
      const type = what === 'DBSnapshot' ? 'snapshot' : 'cluster-snapshot';
      // RDS keeps names in small letters, however they were spelt.
      return `arn:${partition}:rds:${region}:${accountId}:${type}:${found.toLowerCase()}`;
    };
  const row = (name: string, restore: string, more: Partial<EventRow> = {}, at = field('dB')): EventRow => ({
    source: 'rds.amazonaws.com',
    name,
    kind: what === 'DBSnapshot' ? 'rds-snapshot-sharing' : 'rds-cluster-snapshot-sharing',
    target: arn(at),
    needs: `requestParameters.${at}`,
    restore,
    ...more,
  });
  return [
    row(`Modify${what}Attribute`, `Modify${what}Attribute`),
    row(`Create${what}`, 'not restored', { effect: 'creates' }),
    row(`Copy${what}`, 'not restored', { effect: 'creates' }, field('targetDB')),
    row(`Delete${what}`, 'not restored', { effect: 'deletes' }),
  ];
}

export const RDS_EVENTS: ServiceEvents = {
  source: 'rds.amazonaws.com',
  rows: [...snapshotRows('DBSnapshot'), ...snapshotRows('DBClusterSnapshot')],
  notJudged: [],
};
