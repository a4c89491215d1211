/** Events of VPC Lattice on auth policies. A resource is named by its id or its ARN. */
import { ends, makes, puts, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type ReadText, requestText, textOf } from '../../changes/fields.ts';

const source = 'vpc-lattice.amazonaws.com';

const resource =
  (field: string): ReadText =>
  ({ request, partition, region, accountId }) => {
    const id = textOf(request, field);
    if (id === undefined || id.startsWith('arn:')) return id;
    const type = id.startsWith('sn-') ? 'servicenetwork' : 'service';
    return `arn:${partition}:vpc-lattice:${region}:${accountId}:${type}/${id}`;
  };

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'lattice-auth-policy',
  target: resource('resourceIdentifier'),
  needs: 'requestParameters.resourceIdentifier',
  restore,
  ...more,
});

const made = (name: string) =>
  row(name, 'not restored', {
    target: ({ response }) => textOf(response, 'arn'),
    needs: 'responseElements.arn',
    edit: makes(),
  });
const ended = (name: string, field: string) =>
  row(name, 'not restored', { target: resource(field), needs: `requestParameters.${field}`, edit: ends });

export const VPC_LATTICE_EVENTS: ServiceEvents = {
  source,
  rows: [
    row('PutAuthPolicy', 'PutAuthPolicy or DeleteAuthPolicy', { edit: puts(requestText('policy')) }),
    row('DeleteAuthPolicy', 'PutAuthPolicy', { edit: removes() }),
    made('CreateService'),
    made('CreateServiceNetwork'),
    ended('DeleteService', 'serviceIdentifier'),
    ended('DeleteServiceNetwork', 'serviceNetworkIdentifier'),
  ],
};
