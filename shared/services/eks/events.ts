/** Events of EKS on who reaches a cluster's Kubernetes. */

import { ends, makes, type ReadEdit, touchesNamed } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, type Fields, membersOf, type ReadText, textOf } from '../../changes/fields.ts';
import { type AccessEntryFacts, accessEntryDocument, ENTRY, generatedName } from './clusterAccessDocument.ts';

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

const textsOf = (value: unknown): string[] =>
  [value ?? []].flat().filter((one): one is string => typeof one === 'string');

const settingsIn = (said: Fields): AccessEntryFacts => {
  const username = textOf(said, 'username');
  const kubernetesGroups = textsOf(said['kubernetesGroups']);
  return { ...(username === undefined ? {} : { username }), kubernetesGroups, policies: [] };
};

/** The name and groups that the call gives a new entry. Where the request has no name EKS makes one, which its answer shows. */
const newSettings = (fields: EventFields): AccessEntryFacts => {
  const { request, response } = fields;
  const made = settingsIn(membersOf(response, 'accessEntry'));
  if (made.username !== undefined) return made;
  const isStandard = (textOf(request, 'type') ?? 'STANDARD') === 'STANDARD';
  const named = isStandard ? { username: generatedName(principalArn(fields) ?? '') } : {};
  return { ...named, ...settingsIn(request) };
};

const policy = (fields: EventFields): AccessEntryFacts => {
  const policyArn = unescaped(fields, 'policyArn');
  const accessScope = membersOf(fields.request, 'accessScope');
  const [scope, namespaces] = [textOf(accessScope, 'type') ?? 'cluster', textsOf(accessScope['namespaces'])];
  return {
    kubernetesGroups: [],
    policies: policyArn === undefined ? [] : [{ policyArn, scope, namespaces }],
  };
};

/** What the call adds to the entry; what the entry holds beside, the record does not show. `isAll`: it adds nothing else. */
const addsToEntry = (
  read: (fields: EventFields) => AccessEntryFacts,
  isAll: (facts: AccessEntryFacts) => boolean = () => true,
): ReadEdit =>
  touchesNamed(principalArn, (arn, fields) => {
    const facts = read(fields);
    const adds = accessEntryDocument(facts, { principalArn: arn, clusterArn: clusterArn(fields) ?? '' });
    return [{ part: `${ENTRY}${arn}`, to: 'hidden', adds, ...(isAll(facts) ? { addsOnly: true } : {}) }];
  });

export const EKS_EVENTS: ServiceEvents = {
  source: 'eks.amazonaws.com',
  rows: [
    // One of a node has a name and groups that no request shows.
    cluster('CreateAccessEntry', 'DeleteAccessEntry', {
      edit: addsToEntry(newSettings, ({ username }) => username !== undefined),
    }),
    cluster('UpdateAccessEntry', 'UpdateAccessEntry', {
      edit: addsToEntry(({ request }) => settingsIn(request)),
    }),
    cluster('DeleteAccessEntry', 'CreateAccessEntry, AssociateAccessPolicy', {
      edit: touchesNamed(principalArn, (arn) => [{ part: `${ENTRY}${arn}`, to: 'gone' }]),
    }),
    cluster('AssociateAccessPolicy', 'DisassociateAccessPolicy or AssociateAccessPolicy', {
      edit: addsToEntry(policy, ({ policies }) => policies.length > 0),
    }),
    cluster('DisassociateAccessPolicy', 'AssociateAccessPolicy', {
      edit: addsToEntry(() => ({ kubernetesGroups: [], policies: [] })),
    }),
    // Whoever makes a cluster may be given an entry.
    cluster('CreateCluster', 'not restored', { edit: makes({ otherwise: 'default' }) }),
    cluster('DeleteCluster', 'not restored', { edit: ends }),
  ],
};
