/** Events of EKS on who reaches a cluster's Kubernetes. */

import { ends, makes, touchesNamed } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, type ReadText, textOf } from '../../changes/fields.ts';
import { accessEntryDocument, ENTRY } from './clusterAccessDocument.ts';

const clusterArn: ReadText = ({ request, partition, region, accountId }) => {
  const clusterName = textOf(request, 'name') ?? textOf(request, 'clusterName');
  return clusterName && `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`;
};

const cluster = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'eks.amazonaws.com',
  name,
  kind: 'cluster-access',
  target: clusterArn,
  needs: 'requestParameters.name',
  restore,
  ...more,
});

/** Records spell the ARN as it stands in the call's path. */
const unescaped = (fields: EventFields, name: string) => {
  const text = textOf(fields.request, name);
  return text?.includes('%') === true ? decodeURIComponent(text) : text;
};
const principalArn: ReadText = (fields) => unescaped(fields, 'principalArn');

/** What the call names it adds; what the entry holds beside, the record does not show. */
const changesEntry = touchesNamed(principalArn, (arn, fields) => {
  const { request } = fields;
  const scope = membersOf(request, 'accessScope');
  const texts = (value: unknown) => [value ?? []].flat().filter((one) => typeof one === 'string');
  const policyArn = unescaped(fields, 'policyArn');
  const adds = accessEntryDocument(
    {
      kubernetesGroups: texts(request['kubernetesGroups']),
      policies:
        policyArn === undefined
          ? []
          : [
              {
                policyArn,
                scope: textOf(scope, 'type') ?? 'cluster',
                namespaces: texts(scope['namespaces']),
              },
            ],
    },
    { principalArn: arn, clusterArn: clusterArn(fields) ?? '' },
  );
  return [{ part: `${ENTRY}${arn}`, to: 'hidden', adds }];
});

export const EKS_EVENTS: ServiceEvents = {
  source: 'eks.amazonaws.com',
  rows: [
    cluster('CreateAccessEntry', 'DeleteAccessEntry', { edit: changesEntry }),
    cluster('UpdateAccessEntry', 'UpdateAccessEntry', { edit: changesEntry }),
    cluster('DeleteAccessEntry', 'CreateAccessEntry, AssociateAccessPolicy', {
      edit: touchesNamed(principalArn, (arn) => [{ part: `${ENTRY}${arn}`, to: 'gone' }]),
    }),
    cluster('AssociateAccessPolicy', 'DisassociateAccessPolicy or AssociateAccessPolicy', {
      edit: changesEntry,
    }),
    cluster('DisassociateAccessPolicy', 'AssociateAccessPolicy', {
      edit: touchesNamed(principalArn, (arn) => [{ part: `${ENTRY}${arn}`, to: 'hidden' }]),
    }),
    // Whoever makes a cluster may be given an entry.
    cluster('CreateCluster', 'not restored', { edit: makes({ otherwise: 'default' }) }),
    cluster('DeleteCluster', 'not restored', { edit: ends }),
  ],
};
