/** ACLs of buckets, with the ownership setting that says whether ACLs count at all. */
import {
  DeleteBucketOwnershipControlsCommand,
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  type Grant,
  type ObjectOwnership,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
} from '@aws-sdk/client-s3';
import * as v from 'valibot';
import { restoreByWrites, unless, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, makeSnapshot, partDocument } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetPart, TargetRef } from '../../targets/target.ts';
import { aclDocument, ownershipDocument } from './aclDocument.ts';
import { bucketName, listBuckets } from './buckets.ts';

export const bucketAcl: TargetOperations = {
  read: (target, { s3 }) => read(target, s3),
  list: ({ s3 }, place) => listBuckets('bucket-acl', s3, place),
  async restore({ accepted, from }, { s3 }) {
    const wanted = aclOf(accepted);
    if (wanted === undefined)
      return {
        kind: 'cannot-undo',
        cause: 'the accepted ACL was not kept; set the ACL of the bucket by hand',
      };
    return restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, s3),
      plan: (live) => {
        const there = aclOf(live);
        // Two kinds of ownership that let in the same are not told apart, so the one that stands stays.
        const isSame = partDocument(accepted, 'ownership') === partDocument(live, 'ownership');
        const { ownership } = (isSame ? there : undefined) ?? wanted;
        return plan(bucketName(accepted.target), { wanted: { ...wanted, ownership }, live: there }, s3);
      },
    });
  },
};

async function read(target: TargetRef, s3: AwsClients['s3']): Promise<Snapshot> {
  const Bucket = bucketName(target);
  const found = await unless(['NoSuchBucket'], s3.send(new GetBucketAclCommand({ Bucket })));
  if (found === undefined) return absentSnapshot(target);
  const controls = await unless(
    ['OwnershipControlsNotFoundError', 'NoSuchBucket'],
    s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
  );
  const acl = { grants: found.Grants ?? [], ownerId: found.Owner?.ID };
  const ownership = controls?.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  const keptOut = ownershipDocument(ownership, target.arn);
  const parts: TargetPart[] = [{ id: 'acl', role: 'resource', document: aclDocument(acl, target) }];
  if (keptOut !== undefined) parts.push({ id: 'ownership', role: 'resource', document: keptOut });
  return makeSnapshot({ target, exists: true, parts, restoreHints: { acl: { ...acl, ownership } } });
}

const aclSchema = v.object({
  grants: v.array(
    v.object({
      Grantee: v.optional(
        v.object({
          Type: v.picklist(['AmazonCustomerByEmail', 'CanonicalUser', 'Group']),
          ID: v.optional(v.string()),
          URI: v.optional(v.string()),
          EmailAddress: v.optional(v.string()),
        }),
      ),
      Permission: v.optional(v.picklist(['FULL_CONTROL', 'READ', 'READ_ACP', 'WRITE', 'WRITE_ACP'])),
    }),
  ),
  ownerId: v.optional(v.string()),
  ownership: v.optional(v.picklist(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'])),
});

type KnownAcl = {
  readonly grants: Grant[];
  readonly ownerId?: string | undefined;
  readonly ownership?: ObjectOwnership | undefined;
};

/** The ACL as S3 showed it, kept beside its translation. */
function aclOf({ restoreHints }: Snapshot): KnownAcl | undefined {
  const parsed = v.safeParse(aclSchema, restoreHints?.['acl']);
  if (!parsed.success) return undefined;
  const { grants, ...rest } = parsed.output;
  return {
    ...rest,
    grants: grants.map(({ Grantee, Permission }) => ({ Grantee, Permission })),
  };
}

type Acls = { readonly wanted: KnownAcl; readonly live: KnownAcl | undefined };

/**
 * S3 takes no ACL while the owner owns every object, and does not let the owner do so while the ACL grants to others:
 * so the ACL goes first where ACLs count now, and second where they are to count again.
 */
function plan(Bucket: string, { wanted, live }: Acls, s3: AwsClients['s3']): Write[] {
  const acl: Write[] =
    JSON.stringify(wanted.grants) === JSON.stringify(live?.grants)
      ? []
      : [
          {
            operation: 'PutBucketAcl',
            summary: `restore the ACL of bucket ${Bucket}`,
            send: () =>
              s3.send(
                new PutBucketAclCommand({
                  Bucket,
                  AccessControlPolicy: { Owner: { ID: wanted.ownerId }, Grants: wanted.grants },
                }),
              ),
          },
        ];
  const ownership = wanted.ownership === live?.ownership ? [] : [ownershipWrite(Bucket, wanted, s3)];
  return live?.ownership === 'BucketOwnerEnforced' ? [...ownership, ...acl] : [...acl, ...ownership];
}

function ownershipWrite(Bucket: string, { ownership }: KnownAcl, s3: AwsClients['s3']): Write {
  if (ownership === undefined) {
    return {
      operation: 'DeleteBucketOwnershipControls',
      summary: `remove the ownership controls of bucket ${Bucket}`,
      send: () => s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket })),
    };
  }
  return {
    operation: 'PutBucketOwnershipControls',
    summary: `set the object ownership of bucket ${Bucket} to ${ownership} again`,
    send: () =>
      s3.send(
        new PutBucketOwnershipControlsCommand({
          Bucket,
          OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] },
        }),
      ),
  };
}
