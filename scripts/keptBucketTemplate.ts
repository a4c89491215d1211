/** The stack with its bucket alone: what CloudFormation imports the kept bucket of an earlier stack into. */

/** A template, as far as it is looked at. */
type Template = { readonly Resources: { readonly [logicalId: string]: object } };

/**
 * Returns the template of a stack that holds the bucket of versions and nothing else; the whole template then updates it.
 * Throws where the template has no such bucket.
 * Source: CloudFormation User Guide, "Import AWS resources into a CloudFormation stack".
 */
export function keptBucketTemplate({ Resources }: Template): Template {
  const { VersionsBucket } = Resources;
  if (VersionsBucket === undefined) throw new Error('the template has no VersionsBucket');
  return { Resources: { VersionsBucket } };
}
