/** Events of Amazon MSK on the policies of clusters. */
import { ends, makes, puts, removes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { requestText, textOf } from '../../changes/fields.ts';

const source = 'kafka.amazonaws.com';

const row = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'kafka-cluster-policy',
  target: ({ request, response }) => textOf(request, 'clusterArn') ?? textOf(response, 'clusterArn'),
  needs: 'requestParameters.clusterArn',
  restore,
  ...more,
});

export const KAFKA_EVENTS: ServiceEvents = {
  source,
  rows: [
    row('PutClusterPolicy', 'PutClusterPolicy or DeleteClusterPolicy', { edit: puts(requestText('policy')) }),
    row('DeleteClusterPolicy', 'PutClusterPolicy', { edit: removes() }),
    ...['CreateCluster', 'CreateClusterV2'].map((name) =>
      row(name, 'not restored', { needs: 'responseElements.clusterArn', edit: makes() }),
    ),
    row('DeleteCluster', 'not restored', { edit: ends }),
  ],
};
