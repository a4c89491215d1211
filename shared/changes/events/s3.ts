/** Events of S3 and its control API, which share a source. */
import { type EventRow, type ServiceEvents, textOf } from '../eventRow.ts';

const bucket = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source: 's3.amazonaws.com',
  name,
  kind: 'bucket-policy',
  target: ({ request, partition }) => {
    const bucketName = textOf(request, 'bucketName');
    return bucketName === undefined ? undefined : `arn:${partition}:s3:::${bucketName}`;
  },
  needs: 'requestParameters.bucketName',
  restore,
  ...more,
});

export const S3_EVENTS: ServiceEvents = {
  source: 's3.amazonaws.com',
  rows: [
    bucket('PutBucketPolicy', 'PutBucketPolicy or DeleteBucketPolicy', {
      // A JSON object here, unlike elsewhere.
      document: ({ request }) => {
        const policy = request['bucketPolicy'];
        return typeof policy === 'object' && policy !== null ? JSON.stringify(policy) : undefined;
      },
    }),
    bucket('DeleteBucketPolicy', 'PutBucketPolicy'),
    bucket('CreateBucket', 'not restored', { effect: 'creates' }),
    bucket('DeleteBucket', 'not restored', { effect: 'deletes' }),
  ],
  notJudged: [
    'PutBucketPublicAccessBlock',
    'DeleteBucketPublicAccessBlock',
    'PutAccountPublicAccessBlock',
    'DeleteAccountPublicAccessBlock',
    'PutBucketAcl',
    'PutBucketOwnershipControls',
    'DeleteBucketOwnershipControls',
    'PutAccessPointPolicy',
    'DeleteAccessPointPolicy',
    'CreateAccessPoint',
    'PutMultiRegionAccessPointPolicy',
    'PutAccessPointPolicyForObjectLambda',
    'DeleteAccessPointPolicyForObjectLambda',
  ],
};
