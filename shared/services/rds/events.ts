/** Events of RDS that say whom a snapshot is shared with. */

import { ends, makes, type ReadEdit, type Touch, touching } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, textOf } from '../../changes/fields.ts';
import { SHARED_WITH, sharingTouch } from '../../targets/sharingDocument.ts';
import { SHARED_ACTIONS } from './sharedActions.ts';

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
  const changesSharing: ReadEdit = (fields) => {
    const listed = (name: string) => {
      const values = fields.request[name];
      return (Array.isArray(values) ? values : []).filter((value) => typeof value === 'string');
    };
    if (textOf(fields.request, 'attributeName') !== 'restore') return touching();
    const shared = { actions: SHARED_ACTIONS[what], resource: arn(field('dB'))(fields) ?? '' };
    return touching(
      ...listed('valuesToRemove').map((sharee): Touch => ({ part: `${SHARED_WITH}${sharee}`, to: 'gone' })),
      ...listed('valuesToAdd').map((sharee) => sharingTouch(sharee, shared)),
    );
  };
  return [
    row(`Modify${what}Attribute`, `Modify${what}Attribute`, { edit: changesSharing }),
    row(`Create${what}`, 'not restored', { edit: makes() }),
    row(`Copy${what}`, 'not restored', { edit: makes() }, field('targetDB')),
    row(`Delete${what}`, 'not restored', { edit: ends }),
  ];
}

export const RDS_EVENTS: ServiceEvents = {
  source: 'rds.amazonaws.com',
  rows: [...snapshotRows('DBSnapshot'), ...snapshotRows('DBClusterSnapshot')],
};
