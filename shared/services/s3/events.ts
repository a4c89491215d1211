/** Events of S3 and its control API, which share a source. */
import {
  type EventFields,
  type EventRow,
  type Fields,
  type ServiceEvents,
  textOf,
} from '../../changes/eventRow.ts';

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
  ({ request }: EventFields): string | undefined => {
    const body = request[element];
    return (
      textOf(typeof body === 'object' && body !== null ? (body as Fields) : {}, 'Policy') ??
      textOf(request, 'policy')
    );
  };

/** What the body of an event on a Multi-Region Access Point holds below the name of its XML element. */
function detailsOf({ request }: EventFields, element: string): Fields {
  const body = request[element];
  const details = typeof body === 'object' && body !== null ? (body as Fields)['Details'] : undefined;
  return typeof details === 'object' && details !== null ? (details as Fields) : {};
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

export const S3_EVENTS: ServiceEvents = {
  source: 's3.amazonaws.com',
  rows: [
    policy('PutBucketPolicy', 'PutBucketPolicy or DeleteBucketPolicy', {
      // A JSON object here, unlike elsewhere.
      document: ({ request }) => {
        const document = request['bucketPolicy'];
        return typeof document === 'object' && document !== null ? JSON.stringify(document) : undefined;
      },
    }),
    policy('DeleteBucketPolicy', 'PutBucketPolicy'),
    ...[policy, block, acl].flatMap((of) => [
      of('CreateBucket', 'not restored', { effect: 'creates' }),
      of('DeleteBucket', 'not restored', { effect: 'deletes' }),
    ]),
    block('PutBucketPublicAccessBlock', 'PutPublicAccessBlock or DeletePublicAccessBlock'),
    block('DeleteBucketPublicAccessBlock', 'PutPublicAccessBlock'),
    accountBlock('PutAccountPublicAccessBlock', 'PutPublicAccessBlock or DeletePublicAccessBlock'),
    accountBlock('DeleteAccountPublicAccessBlock', 'PutPublicAccessBlock'),
    acl('PutBucketAcl', 'PutBucketAcl'),
    acl('PutBucketOwnershipControls', 'PutBucketOwnershipControls or DeleteBucketOwnershipControls'),
    acl('DeleteBucketOwnershipControls', 'PutBucketOwnershipControls'),
    point('PutAccessPointPolicy', 'PutAccessPointPolicy or DeleteAccessPointPolicy', {
      document: bodyPolicy('PutAccessPointPolicyRequest'),
    }),
    point('DeleteAccessPointPolicy', 'PutAccessPointPolicy'),
    point('CreateAccessPoint', 'not restored', { effect: 'creates' }),
    point('DeleteAccessPoint', 'not restored', { effect: 'deletes' }),
    lambdaPoint(
      'PutAccessPointPolicyForObjectLambda',
      'PutAccessPointPolicyForObjectLambda or DeleteAccessPointPolicyForObjectLambda',
      { document: bodyPolicy('PutAccessPointPolicyForObjectLambdaRequest') },
    ),
    lambdaPoint('DeleteAccessPointPolicyForObjectLambda', 'PutAccessPointPolicyForObjectLambda'),
    lambdaPoint('CreateAccessPointForObjectLambda', 'not restored', { effect: 'creates' }),
    lambdaPoint('DeleteAccessPointForObjectLambda', 'not restored', { effect: 'deletes' }),
    multiRegionPoint('PutMultiRegionAccessPointPolicy', 'PutMultiRegionAccessPointPolicy', {
      document: (fields) => textOf(detailsOf(fields, 'PutMultiRegionAccessPointPolicyRequest'), 'Policy'),
    }),
    multiRegionPoint('CreateMultiRegionAccessPoint', 'not restored', { effect: 'creates' }),
    multiRegionPoint('DeleteMultiRegionAccessPoint', 'not restored', { effect: 'deletes' }),
  ],
  notJudged: [],
};
