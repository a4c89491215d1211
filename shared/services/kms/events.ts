/** Events of KMS. A key's replica in another Region is told there, by a CreateKey of its own. */

import type { GrantOperation } from '@aws-sdk/client-kms';
import { makes, puts, type Touch, touchesNamed } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, type Fields, membersOf, requestText, textOf } from '../../changes/fields.ts';
import { grantDocument } from './kmsGrantDocument.ts';

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

/** The grant as the request describes it, spelt as a read spells it. */
function grantTouch(id: string, fields: EventFields): Touch {
  const { request } = fields;
  const constraints = membersOf(request, 'constraints');
  const document = grantDocument(
    {
      GranteePrincipal: textOf(request, 'granteePrincipal'),
      RetiringPrincipal: textOf(request, 'retiringPrincipal'),
      Operations: Array.isArray(request['operations']) ? (request['operations'] as GrantOperation[]) : [], // As KMS names them.
      Constraints: {
        EncryptionContextSubset: contextIn(constraints, 'encryptionContextSubset'),
        EncryptionContextEquals: contextIn(constraints, 'encryptionContextEquals'),
        SourceArn: textOf(constraints, 'sourceArn'),
      },
    },
    keyArn(fields) ?? '',
  );
  return { part: `grant:${id}`, to: document === undefined ? 'hidden' : { document } };
}

/** Pairs of texts. */
const contextIn = (constraints: Fields, name: string) =>
  membersOf(constraints, name) as { readonly [key: string]: string };

const endsGrant = touchesNamed(
  ({ request, response }) => textOf(request, 'grantId') ?? textOf(response, 'grantId'),
  (id) => [{ part: `grant:${id}`, to: 'gone' }],
);

export const KMS_EVENTS: ServiceEvents = {
  source: 'kms.amazonaws.com',
  rows: [
    key('PutKeyPolicy', 'PutKeyPolicy', { edit: puts(requestText('policy')) }),
    key('CreateKey', 'not restored', {
      target: newKeyArn,
      needs: 'responseElements.keyMetadata.arn',
      edit: makes({ document: requestText('policy'), otherwise: 'default' }),
    }),
    key('CreateGrant', 'RevokeGrant', {
      edit: touchesNamed(
        ({ response }) => textOf(response, 'grantId'),
        (id, fields) => [grantTouch(id, fields)],
      ),
    }),
    key('RevokeGrant', 'not restored: a grant made again would be another', { edit: endsGrant }),
    key('RetireGrant', 'not restored: a grant made again would be another', { edit: endsGrant }),
  ],
};
