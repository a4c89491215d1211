/** What the stack tells its functions, read once at start. A missing or malformed value stops the function at once. */
import * as v from 'valibot';

const text = v.pipe(v.string(), v.nonEmpty());

const list = v.pipe(
  v.string(),
  v.transform((joined) => joined.split(',').filter((item) => item !== '')),
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
  /** Queue of rollback requests; only `detect` has it. */
  RATCHET_ROLLBACK_QUEUE_URL: v.optional(text),
  /** For audits: one decider alone, or both against each other. */
  RATCHET_SOLVER: v.optional(v.picklist(['auto', 'atoms', 'z3', 'both'])),
});

export type Environment = v.InferOutput<typeof environmentSchema>;

/** The environment lacks something: the message names each variable. */
export class EnvironmentFault extends Error {
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
