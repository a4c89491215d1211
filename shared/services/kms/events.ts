/** Events of KMS. A key's replica in another Region is told there, by a CreateKey of its own. */
import {
  type EventFields,
  type EventRow,
  type Fields,
  requestText,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';

/**
 * `keyId` is a key id or an ARN; neither policies nor grants are made by alias. A grant that is retired is named by a
 * token, which records leave out: then the answer or the record's list of resources tells the key.
 */
function keyArn(fields: EventFields): string | undefined {
  const { request, response, resources, partition, region, accountId } = fields;
  const given = textOf(request, 'keyId') ?? textOf(response, 'keyId') ?? resources.find(isKey);
  if (given === undefined || given.startsWith('arn:')) return given;
  return `arn:${partition}:kms:${region}:${accountId}:key/${given}`;
}

const isKey = (arn: string) => /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(arn);

function newKeyArn({ response }: EventFields): string | undefined {
  const metadata = response['keyMetadata'];
  return typeof metadata === 'object' && metadata !== null ? textOf(metadata as Fields, 'arn') : undefined;
}

const key = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 'kms.amazonaws.com',
  name,
  kind: 'kms-key',
  target: keyArn,
  needs: 'requestParameters.keyId',
  restore,
  ...more,
});

export const KMS_EVENTS: ServiceEvents = {
  source: 'kms.amazonaws.com',
  rows: [
    key('PutKeyPolicy', 'PutKeyPolicy', { document: requestText('policy') }),
    key('CreateKey', 'not restored', {
      target: newKeyArn,
      needs: 'responseElements.keyMetadata.arn',
      document: requestText('policy'),
      effect: 'creates',
    }),
    key('CreateGrant', 'RevokeGrant'),
    key('RevokeGrant', 'not restored: a grant made again would be another'),
    key('RetireGrant', 'not restored: a grant made again would be another'),
  ],
  notJudged: [],
};
