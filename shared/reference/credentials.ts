/** Which calls may be made without credentials: only of those is it said that somebody makes them so. */

/**
 * Calls that a caller may make without AWS credentials: of these services some or all, and the two of STS by which
 * somebody signs in.
 * Source: S3 User Guide, "Making requests without credentials"; SQS and API Gateway Developer Guides, examples of
 * anonymous access; Lambda Developer Guide, "Control access to Lambda function URLs" (`NONE`); OpenSearch Service
 * Developer Guide, "Making and signing requests"; EFS User Guide, "Using IAM to control file system data access";
 * STS API Reference.
 */
const WITHOUT_CREDENTIALS =
  /^(s3|sqs|es|execute-api|elasticfilesystem|vpc-lattice-svcs|mediastore):|^lambda:InvokeFunctionUrl$|^sts:AssumeRoleWith(SAML|WebIdentity)$/i;

/** Returns true iff the action can be called without credentials. */
export function needsNoCredentials(action: string): boolean {
  return WITHOUT_CREDENTIALS.test(action);
}
