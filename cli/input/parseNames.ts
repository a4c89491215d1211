/** Names that flags and batch rows carry: the zone of trust and the resource type. */
import * as v from 'valibot';
import type { Trusted } from '../../shared/checks/index.ts';
import { InputError, type InputProblem } from './inputError.ts';
import { meant } from './meant.ts';

const accountSchema = v.pipe(v.string(), v.regex(/^\d{12}$/, 'must be an account id of 12 digits'));
const organizationSchema = v.pipe(v.string(), v.regex(/^o-[a-z0-9]+$/, 'must be an organization id, `o-…`'));
const serviceSchema = v.pipe(
  v.string(),
  v.regex(/^[a-zA-Z0-9.*?_-]+$/, 'must be a service principal such as `ec2.amazonaws.com`'),
);

/** The zone of trust; an empty one trusts nobody. */
export const trustedSchema = v.pipe(
  v.strictObject({
    accounts: v.optional(v.array(accountSchema)),
    organizations: v.optional(v.array(organizationSchema)),
    services: v.optional(v.array(serviceSchema)),
  }),
  v.transform(
    ({ accounts, organizations, services }): Trusted => ({
      ...(accounts === undefined ? {} : { accounts }),
      ...(organizations === undefined ? {} : { organizations }),
      ...(services === undefined ? {} : { services }),
    }),
  ),
);

/** `AWS::S3::Bucket`. */
export const resourceTypeSchema = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+$/, 'must be a resource type such as `AWS::S3::Bucket`'),
);

/** Returns the zone of trust of the three flags; ids may be divided by spaces or commas. Throws `InputError`. */
export function parseTrusted(flags: {
  readonly trustedAccounts?: readonly string[];
  readonly trustedOrganizations?: readonly string[];
  readonly trustedServices?: readonly string[];
}): Trusted {
  const lists = [
    ['--trusted-accounts', accountSchema, flags.trustedAccounts],
    ['--trusted-organizations', organizationSchema, flags.trustedOrganizations],
    ['--trusted-services', serviceSchema, flags.trustedServices],
  ] as const;
  const problems: InputProblem[] = [];
  const [accounts, organizations, services] = lists.map(([flag, schema, words]) =>
    words
      ?.flatMap((word) => word.split(','))
      .map((word) => {
        const result = v.safeParse(schema, word);
        for (const { message } of result.issues ?? [])
          problems.push({ source: flag, message: `\`${word}\` ${message}` });
        return word;
      }),
  );
  if (problems.length > 0) throw new InputError(problems);
  return {
    ...(accounts === undefined ? {} : { accounts }),
    ...(organizations === undefined ? {} : { organizations }),
    ...(services === undefined ? {} : { services }),
  };
}

/** Types whose resource policies AWS asks this of. Source: IAM Access Analyzer API Reference, CheckNoPublicAccess. */
const RESOURCE_TYPES = [
  'AWS::ApiGateway::RestApi',
  'AWS::Backup::BackupVault',
  'AWS::CloudTrail::Dashboard',
  'AWS::CloudTrail::EventDataStore',
  'AWS::CodeArtifact::Domain',
  'AWS::DynamoDB::Stream',
  'AWS::DynamoDB::Table',
  'AWS::EFS::FileSystem',
  'AWS::IAM::AssumeRolePolicyDocument',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::Lambda::Function',
  'AWS::OpenSearchService::Domain',
  'AWS::S3::AccessPoint',
  'AWS::S3::Bucket',
  'AWS::S3::Glacier',
  'AWS::S3Express::AccessPoint',
  'AWS::S3Express::DirectoryBucket',
  'AWS::S3Outposts::AccessPoint',
  'AWS::S3Outposts::Bucket',
  'AWS::S3Tables::TableBucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
];

/** Returns a warning, a line, when the type looks like a misspelt one; any other type may be asked about. */
export function warnOfResourceType(type: string): string {
  const found = RESOURCE_TYPES.includes(type) ? undefined : meant(type, RESOURCE_TYPES);
  return found === undefined
    ? ''
    : `warning: --resource-type: \`${type}\` is not known; did you mean ${found}?\n`;
}

/** Returns the type. Throws `InputError` unless it is written as CloudFormation writes it. */
export function parseResourceType(text: string): string {
  const result = v.safeParse(resourceTypeSchema, text);
  if (result.success) return result.output;
  throw new InputError(
    result.issues.map(({ message }) => ({ source: '--resource-type', message: `\`${text}\` ${message}` })),
  );
}
