/** Which function approves what a bucket keeps: that of the stack that made the bucket. */
import { GetBucketTaggingCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { InputError } from '../input/inputError.ts';

/**
 * Returns the function's name and Region. Throws `InputError` when AWS does not tell them.
 * Source: CloudFormation User Guide, "Resource tags": the stack's name stands on what it makes.
 */
export async function functionOf(
  store: string,
  region: string | undefined,
): Promise<{ readonly name: string; readonly region: string }> {
  const Bucket = store.replace(/^s3:\/\//, '').replace(/\/$/, '');
  const client = new S3Client({ followRegionRedirects: true, ...(region === undefined ? {} : { region }) });
  try {
    const { BucketRegion = region } = await client.send(new HeadBucketCommand({ Bucket }));
    const { TagSet = [] } = await client.send(new GetBucketTaggingCommand({ Bucket }));
    const stack = TagSet.find(({ Key }) => Key === 'aws:cloudformation:stack-name')?.Value;
    if (stack !== undefined && BucketRegion !== undefined)
      return { name: `${stack}-approve`, region: BucketRegion };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new InputError([
      { source: store, message: `its stack cannot be found; name its function with \`--function\`: ${why}` },
    ]);
  }
  throw new InputError([
    { source: store, message: 'no stack owns this bucket; name its function with `--function`' },
  ]);
}
