/** What the stack tells its functions, read once at start. A missing or malformed value stops the function at once. */
import * as v from 'valibot';
import { CHAT_FORMS } from '../findings/publisher.ts';

const text = v.pipe(v.string(), v.nonEmpty());

const list = v.pipe(
  v.string(),
  v.transform((joined) => joined.split(',').filter((item) => item !== '')),
);

/** What the stack leaves off has an empty value. */
const feed = <Output>(schema: v.GenericSchema<string, Output>) =>
  v.optional(
    v.union([
      v.pipe(
        v.literal(''),
        v.transform(() => undefined),
      ),
      schema,
    ]),
  );

const bucketFolder = v.pipe(
  v.string(),
  v.regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+[a-z0-9]\/(?:[^/]+\/)*$/),
  v.transform((url) => {
    const [bucket = '', ...folders] = url.slice('s3://'.length).split('/');
    return { bucket, prefix: folders.join('/') };
  }),
);

const bucketKey = v.pipe(
  v.string(),
  v.regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+[a-z0-9]\/.*[^/]$/),
  v.transform((url) => {
    const [bucket = '', ...parts] = url.slice('s3://'.length).split('/');
    return { bucket, key: parts.join('/') };
  }),
);

const environmentSchema = v.object({
  /** Bucket of versions and states. */
  RATCHET_BUCKET: text,
  /** Topic that findings are published to. */
  RATCHET_TOPIC_ARN: text,
  /** Account whose policies are watched. */
  RATCHET_ACCOUNT_ID: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  /** Unique ids of the guard's own roles, separated by commas. */
  RATCHET_OWN_ACTOR_IDS: list,
  /** ARN patterns of what the guard stands on, separated by commas; added to those of the configuration. */
  RATCHET_OWN_RESOURCES: list,
  /** Name of the function that approves, for the commands in messages; absent: not said. */
  RATCHET_APPROVE_FUNCTION: v.optional(text),
  /** Queue of rollback requests; only `detect` has it. */
  RATCHET_ROLLBACK_QUEUE_URL: v.optional(text),
  /** What HTTPS subscribers of the topic get; empty or absent: JSON, as every program. */
  RATCHET_CHAT_FORM: feed(v.picklist(CHAT_FORMS)),
  /** ARN or name of the event bus that findings go to; empty or absent: none. */
  RATCHET_EVENT_BUS: feed(text),
  /** ARN of this account's default product of Security Hub; empty or absent: no findings go there. */
  RATCHET_SECURITY_HUB_PRODUCT: feed(
    v.pipe(v.string(), v.regex(/^arn:[a-z-]+:securityhub:[a-z0-9-]+:\d{12}:product\/\d{12}\/default$/)),
  ),
  /** `s3://BUCKET/FOLDER/` that OCSF events go to; empty or absent: none. */
  RATCHET_OCSF_FEED: feed(bucketFolder),
  /** `s3://BUCKET/KEY` of the configuration; empty or absent: the file beside the bundle, or the defaults. */
  RATCHET_CONFIG: feed(bucketKey),
  /** Path and name of the role that is taken on in other accounts; empty or absent: there are none. */
  RATCHET_MEMBER_ROLE: feed(text),
  /** What is shown when that role is taken on. */
  RATCHET_MEMBER_EXTERNAL_ID: feed(text),
  /** For audits: one decider alone, or both against each other. */
  RATCHET_SOLVER: v.optional(v.picklist(['auto', 'atoms', 'z3', 'both'])),
});

export type Environment = v.InferOutput<typeof environmentSchema>;

/** The environment lacks something: the message names each variable. */
class EnvironmentFault extends Error {
  override readonly name = 'EnvironmentFault';
  readonly code = 'ENVIRONMENT';
}

/** Returns the environment. Throws `EnvironmentFault`. */
export function readEnvironment(variables: { readonly [name: string]: string | undefined }): Environment {
  const parsed = v.safeParse(environmentSchema, variables);
  if (parsed.success) return parsed.output;
  const names = parsed.issues.map((issue) => v.getDotPath(issue) ?? '').join(', ');
  throw new EnvironmentFault(
    `environment variables are missing or malformed: ${names}; deploy the stack again`,
  );
}
