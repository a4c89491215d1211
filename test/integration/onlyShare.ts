/** The one resource share of a setting, as RAM tells of it. */
import {
  GetResourceShareAssociationsCommand,
  GetResourceSharesCommand,
  ListResourcesCommand,
} from '@aws-sdk/client-ram';
import type { AwsClients } from '../../shared/targets/clients.ts';

/** Returns what names the share in a call. */
export async function onlyShare({ ram }: AwsClients) {
  const own = new GetResourceSharesCommand({ resourceOwner: 'SELF' });
  const { resourceShares: [share] = [] } = await ram.send(own);
  return { resourceShareArn: share?.resourceShareArn };
}

/** Returns with whom it is shared, and then what. */
export async function contentOf({ ram }: AwsClients): Promise<(string | undefined)[]> {
  const principals = new GetResourceShareAssociationsCommand({ associationType: 'PRINCIPAL' });
  const { resourceShareAssociations = [] } = await ram.send(principals);
  const { resources = [] } = await ram.send(new ListResourcesCommand({ resourceOwner: 'SELF' }));
  return [
    ...resourceShareAssociations.map(({ associatedEntity }) => associatedEntity),
    ...resources.map(({ arn }) => arn),
  ];
}
