/** Events of S3 and its control API, which share a source. */

import type { Grant } from '@aws-sdk/client-s3';
import { ends, makes, puts, type ReadEdit, removes, type Touch, touching } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, type Fields, membersOf, textOf } from '../../changes/fields.ts';
import { aclDocument, cannedGrants, ownershipDocument } from './aclDocument.ts';
import {
  BLOCK_FLAGS,
  type Covered,
  type PublicAccessBlock,
  publicAccessDocument,
} from './publicAccessDocument.ts';

const row = (
  kind: EventRow['kind'],
  target: EventRow['target'],
  needs: string,
): ((name: string, restore: string, more?: Partial<EventRow>) => EventRow) => {
  return (name, restore, more = {}) => ({
    source: 's3.amazonaws.com',
    name,
    kind,
    target,
    needs,
    restore,
    ...more,
  });
};

function bucketArn({ request, partition }: EventFields): string | undefined {
  const bucketName = textOf(request, 'bucketName');
  return bucketName === undefined ? undefined : `arn:${partition}:s3:::${bucketName}`;
}

/** The control API's records name an access point `name`, those of some SDKs `accessPointName`. */
const accessPointArn =
  (service: string) =>
  ({ request, partition, region, accountId }: EventFields): string | undefined => {
    const name = textOf(request, 'name') ?? textOf(request, 'accessPointName');
    return name === undefined
      ? undefined
      : `arn:${partition}:${service}:${region}:${accountId}:accesspoint/${name}`;
  };

/** The body's policy, which stands below the name of the request's XML element, or beside the name. */
const bodyPolicy =
  (element: string) =>
  ({ request }: EventFields): string | undefined =>
    textOf(membersOf(request, element), 'Policy') ?? textOf(request, 'policy');

/** What the body of an event on a Multi-Region Access Point holds below the name of its XML element. */
function detailsOf({ request }: EventFields, element: string): Fields {
  return membersOf(membersOf(request, element), 'Details');
}

const multiRegionPoint = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => {
  const element = `${name}Request`;
  return {
    source: 's3.amazonaws.com',
    name,
    kind: 'multi-region-access-point-policy',
    target(fields) {
      const point = textOf(detailsOf(fields, element), 'Name');
      return point && `arn:${fields.partition}:s3::${fields.accountId}:accesspoint/${point}`;
    },
    needs: `requestParameters.${element}`,
    restore,
    ...more,
  };
};

const BUCKET = 'requestParameters.bucketName';
const POINT = 'requestParameters.name';
const policy = row('bucket-policy', bucketArn, BUCKET);
const block = row('bucket-public-access-block', bucketArn, BUCKET);
const acl = row('bucket-acl', bucketArn, BUCKET);
const accountBlock = row(
  'account-public-access-block',
  ({ partition, accountId }) => `arn:${partition}:s3::${accountId}:public-access-block`,
  'recipientAccountId',
);
const point = row('access-point-policy', accessPointArn('s3'), POINT);
const lambdaPoint = row('access-point-policy', accessPointArn('s3-object-lambda'), POINT);

/** What a block covers: the account it is of, and the ARNs. */
type ReadCovered = (fields: EventFields) => Covered;

const coveredBucket: ReadCovered = (fields) => {
  const arn = bucketArn(fields) ?? '';
  return { accountId: fields.accountId, resources: [arn, `${arn}/*`] };
};

const coveredAccount: ReadCovered = ({ accountId, partition }) => ({
  accountId,
  resources: [`arn:${partition}:s3:::*`],
});

const ALL_FLAGS = Object.fromEntries(BLOCK_FLAGS.map((flag) => [flag, true]));

/** A block may have held all four flags before. */
function blockTouch(block: PublicAccessBlock, covered: Covered): Touch {
  const document = publicAccessDocument(block, covered);
  const takes = publicAccessDocument(ALL_FLAGS, covered);
  return {
    part: 'document',
    to: document === undefined ? 'gone' : { document },
    ...(takes === undefined ? {} : { takes }),
  };
}

const setsBlock =
  (covered: ReadCovered): ReadEdit =>
  (fields) => {
    const flags = membersOf(fields.request, 'PublicAccessBlockConfiguration');
    const isOn = (flag: string) => flags[flag] === true || flags[flag] === 'true';
    const block = Object.fromEntries(BLOCK_FLAGS.map((flag) => [flag, isOn(flag)]));
    return touching(blockTouch(block, covered(fields)));
  };

const takesBlock =
  (covered: ReadCovered): ReadEdit =>
  (fields) =>
    touching(blockTouch({}, covered(fields)));

/** An ACL stands in the record whole, canned, or in headers, grant by grant. */
const setsAcl: ReadEdit = (fields) => {
  const { request, accountId } = fields;
  const place = { arn: bucketArn(fields) ?? '', accountId };
  const whole = membersOf(request, 'AccessControlPolicy');
  const listed = [membersOf(whole, 'AccessControlList')['Grant'] ?? []].flat() as Grant[]; // S3's own words.
  const ownerId = textOf(membersOf(whole, 'Owner'), 'ID');
  if (ownerId !== undefined) {
    const document = aclDocument({ grants: listed, ownerId }, place);
    return touching({ part: 'acl', to: document === undefined ? 'hidden' : { document } });
  }
  // The owner's own grant, which canned ACLs hold too, the record does not show.
  const adds = aclDocument({ grants: cannedGrants(textOf(request, 'x-amz-acl')), ownerId }, place);
  return touching({ part: 'acl', to: 'hidden', ...(adds === undefined ? {} : { adds }) });
};

const setsOwnership: ReadEdit = (fields) => {
  const rule = membersOf(membersOf(fields.request, 'OwnershipControls'), 'Rule');
  const arn = bucketArn(fields) ?? '';
  const document = ownershipDocument(textOf(rule, 'ObjectOwnership'), arn);
  const takes = ownershipDocument('BucketOwnerEnforced', arn);
  return touching({
    part: 'ownership',
    to: document === undefined ? 'gone' : { document },
    // ACLs count again, and may have counted for nothing.
    ...(takes === undefined ? {} : { takes }),
  });
};

export const S3_EVENTS: ServiceEvents = {
  source: 's3.amazonaws.com',
  rows: [
    policy('PutBucketPolicy', 'PutBucketPolicy or DeleteBucketPolicy', {
      // A JSON object here, unlike elsewhere.
      edit: puts(({ request }) => {
        const document = request['bucketPolicy'];
        return typeof document === 'object' && document !== null ? JSON.stringify(document) : undefined;
      }),
    }),
    policy('DeleteBucketPolicy', 'PutBucketPolicy', { edit: removes() }),
    // In us-east-1 the call answers its owner alike for a bucket that is there.
    policy('CreateBucket', 'not restored', { edit: makes({ life: 'found-or-made' }) }),
    // A new bucket has blocks and an ACL by default.
    ...[block, acl].map((of) =>
      of('CreateBucket', 'not restored', { edit: makes({ otherwise: 'default', life: 'found-or-made' }) }),
    ),
    ...[policy, block, acl].map((of) => of('DeleteBucket', 'not restored', { edit: ends })),
    block('PutBucketPublicAccessBlock', 'PutPublicAccessBlock or DeletePublicAccessBlock', {
      edit: setsBlock(coveredBucket),
    }),
    block('DeleteBucketPublicAccessBlock', 'PutPublicAccessBlock', { edit: takesBlock(coveredBucket) }),
    accountBlock('PutAccountPublicAccessBlock', 'PutPublicAccessBlock or DeletePublicAccessBlock', {
      edit: setsBlock(coveredAccount),
    }),
    accountBlock('DeleteAccountPublicAccessBlock', 'PutPublicAccessBlock', {
      edit: takesBlock(coveredAccount),
    }),
    acl('PutBucketAcl', 'PutBucketAcl', { edit: setsAcl }),
    acl('PutBucketOwnershipControls', 'PutBucketOwnershipControls or DeleteBucketOwnershipControls', {
      edit: setsOwnership,
    }),
    acl('DeleteBucketOwnershipControls', 'PutBucketOwnershipControls', { edit: setsOwnership }),
    point('PutAccessPointPolicy', 'PutAccessPointPolicy or DeleteAccessPointPolicy', {
      edit: puts(bodyPolicy('PutAccessPointPolicyRequest')),
    }),
    point('DeleteAccessPointPolicy', 'PutAccessPointPolicy', { edit: removes() }),
    point('CreateAccessPoint', 'not restored', { edit: makes() }),
    point('DeleteAccessPoint', 'not restored', { edit: ends }),
    lambdaPoint(
      'PutAccessPointPolicyForObjectLambda',
      'PutAccessPointPolicyForObjectLambda or DeleteAccessPointPolicyForObjectLambda',
      { edit: puts(bodyPolicy('PutAccessPointPolicyForObjectLambdaRequest')) },
    ),
    lambdaPoint('DeleteAccessPointPolicyForObjectLambda', 'PutAccessPointPolicyForObjectLambda', {
      edit: removes(),
    }),
    lambdaPoint('CreateAccessPointForObjectLambda', 'not restored', { edit: makes() }),
    lambdaPoint('DeleteAccessPointForObjectLambda', 'not restored', { edit: ends }),
    multiRegionPoint('PutMultiRegionAccessPointPolicy', 'PutMultiRegionAccessPointPolicy', {
      edit: puts((fields) => textOf(detailsOf(fields, 'PutMultiRegionAccessPointPolicyRequest'), 'Policy')),
    }),
    multiRegionPoint('CreateMultiRegionAccessPoint', 'not restored', { edit: makes() }),
    multiRegionPoint('DeleteMultiRegionAccessPoint', 'not restored', { edit: ends }),
  ],
};
