/** Events of EKS on who reaches a cluster's Kubernetes. */
import { type EventRow, type ServiceEvents, textOf } from '../../changes/eventRow.ts';

const cluster = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'eks.amazonaws.com',
  name,
  kind: 'cluster-access',
  target: ({ request, partition, region, accountId }) => {
    const clusterName = textOf(request, 'name') ?? textOf(request, 'clusterName');
    return clusterName && `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`;
  },
  needs: 'requestParameters.name',
  restore,
  ...more,
});

export const EKS_EVENTS: ServiceEvents = {
  source: 'eks.amazonaws.com',
  rows: [
    cluster('CreateAccessEntry', 'DeleteAccessEntry'),
    cluster('UpdateAccessEntry', 'UpdateAccessEntry'),
    cluster('DeleteAccessEntry', 'CreateAccessEntry, AssociateAccessPolicy'),
    cluster('AssociateAccessPolicy', 'DisassociateAccessPolicy or AssociateAccessPolicy'),
    cluster('DisassociateAccessPolicy', 'AssociateAccessPolicy'),
    cluster('CreateCluster', 'not restored', { effect: 'creates' }),
    cluster('DeleteCluster', 'not restored', { effect: 'deletes' }),
  ],
  notJudged: [],
};
