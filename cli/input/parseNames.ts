/** Names that flags and batch rows carry: the zone of trust and the resource type. */
import * as v from 'valibot';
import type { Trusted } from '../../shared/checks/index.ts';
import {
  ACCOUNT_ID,
  ORGANIZATION_ID,
  SERVICE_PRINCIPAL,
  shownName,
} from '../../shared/policy/identifiers.ts';
import { isObject } from '../../shared/policy/reporter.ts';
import { RESOURCE_TYPES } from '../accessanalyzer/operations.ts';
import { InputError, type InputProblem } from './inputError.ts';
import { meant } from './meant.ts';

const named = (form: RegExp, message: string) => v.pipe(v.string(message), v.regex(form, message));
const accountSchema = named(ACCOUNT_ID, 'must be an account id of 12 digits, as text');
const organizationSchema = named(ORGANIZATION_ID, 'must be an organization id such as `o-a1b2c3d4e5`');
const serviceSchema = named(SERVICE_PRINCIPAL, 'must be a service principal such as `ec2.amazonaws.com`');
const listOf = (schema: typeof accountSchema) => v.optional(v.array(schema, 'must be a list'));

/** Lists pass for objects elsewhere: their members would be told one by one. */
const zone = v.custom<object>(isObject, 'must be an object with `accounts`, `organizations` or `services`');

/** The zone of trust; an empty one trusts nobody. */
export const trustedSchema = v.pipe(
  zone,
  v.strictObject({
    accounts: listOf(accountSchema),
    organizations: listOf(organizationSchema),
    services: listOf(serviceSchema),
  }),
  v.transform(
    ({ accounts, organizations, services }): Trusted => ({
      ...(accounts === undefined ? {} : { accounts }),
      ...(organizations === undefined ? {} : { organizations }),
      ...(services === undefined ? {} : { services }),
    }),
  ),
);

/**
 * Types beside AWS's own list whose resource policies the guard judges; every other is a slip, and what is public
 * depends on the type.
 */
const FURTHER_TYPES: readonly string[] = [
  'AWS::EC2::VPCEndpoint',
  'AWS::ECR::PublicRepository',
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::Repository',
  'AWS::ECR::RepositoryCreationTemplate',
  'AWS::Events::EventBus',
  'AWS::Glue::Catalog',
  'AWS::Lambda::LayerVersionPermission',
  'AWS::Organizations::Policy',
  'AWS::Organizations::ResourcePolicy',
  'AWS::RAM::ResourceShare',
  'AWS::S3::MultiRegionAccessPoint',
];

/** Types that the public access check can be asked of: `AWS::S3::Bucket`. */
export const KNOWN_RESOURCE_TYPES: readonly string[] = [...RESOURCE_TYPES, ...FURTHER_TYPES].sort();

/** Any of `KNOWN_RESOURCE_TYPES`. */
export const resourceTypeSchema = v.pipe(
  v.string('must be a resource type such as `AWS::S3::Bucket`'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || KNOWN_RESOURCE_TYPES.includes(dataset.value)) return;
    const found = meant(dataset.value, KNOWN_RESOURCE_TYPES);
    const hint = found === undefined ? 'write one such as `AWS::S3::Bucket`' : `did you mean ${found}?`;
    addIssue({ message: `is not a resource type with a policy that can be public; ${hint}` });
  }),
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
          problems.push({ source: flag, message: `${shownName(word)} ${message}` });
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

/** Returns the type. Throws `InputError` unless it is a known one, written as CloudFormation writes it. */
export function parseResourceType(text: string): string {
  const result = v.safeParse(resourceTypeSchema, text);
  if (result.success) return result.output;
  throw new InputError(
    result.issues.map(({ message }) => ({
      source: '--resource-type',
      message: `${shownName(text)} ${message}`,
    })),
  );
}
