/** Which calls may be made without credentials: only of those is it said that somebody makes them so. */

/**
 * Calls that a caller may make without AWS credentials, where a policy lets everybody: of a service's data alone, since
 * its control plane takes signed requests. Sources, in this order: S3 User Guide, "Making requests without credentials"
 * (objects, their lists, ACLs; other settings of a bucket are its own account's); SQS Developer Guide, "Custom policies",
 * less what it gives to no other account; API Gateway Developer Guide, "Control access for invoking an API"; Lambda
 * Developer Guide, "Control access to Lambda function URLs" (`NONE`); OpenSearch Service Developer Guide, "Making and
 * signing requests"; EFS User Guide, "Using IAM to control file system data access"; VPC Lattice User Guide, "Auth
 * policies"; MediaStore User Guide, "Public read access"; STS API Reference, by which somebody signs in.
 */
const WITHOUT_CREDENTIALS: readonly RegExp[] = [
  /^s3:((get|put|delete|restore)object|abortmultipartupload$|listbucket|listmultipartuploadparts$|getbucketlocation$|(get|put)bucketacl$)/,
  /^sqs:(send|receive|delete)message$|^sqs:(changemessagevisibility|getqueueattributes|getqueueurl|listdeadlettersourcequeues|purgequeue)$/,
  /^execute-api:invoke$/,
  /^lambda:invokefunctionurl$/,
  /^es:eshttp/,
  /^elasticfilesystem:client/,
  /^vpc-lattice-svcs:(invoke|connect)$/,
  /^mediastore:(get|describe)object$/,
  /^sts:assumerolewith(saml|webidentity)$/,
];

/** Calls by which somebody signs in: they take no credentials of AWS's, and a token of the provider. */
const SIGNING_IN = /^sts:assumerolewith(saml|webidentity)$/;

/** Returns in words who makes the call where the policy lets everybody: a noun, with the comma that ends an addition. */
export function sayAnyone(action: string): string {
  if (SIGNING_IN.test(action.toLowerCase())) return 'anyone whom an identity provider signs in';
  return needsNoCredentials(action) ? 'anyone, without credentials,' : 'everyone';
}

/** Returns true iff the action can be called without credentials. */
export function needsNoCredentials(action: string): boolean {
  return WITHOUT_CREDENTIALS.some((one) => one.test(action.toLowerCase()));
}
