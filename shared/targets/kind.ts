/**
 * What a kind is: every fact of it, as data. A service's `kinds.ts` holds the definitions of its kinds; rules, roles,
 * tables, the configuration's schema and the registry are made of them by `npm run generate`.
 */
import type { ResourceDetails } from '@aws-sdk/client-securityhub';
import type { AnswerOfAws } from './aws.ts';
import type { AwsClients } from './clients.ts';
import type { KindFacts, PartRole, Snapshot, TargetOperations, TargetRef } from './target.ts';

/** Types that the AWS Security Finding Format has details for, the account, which has none, and all others. */
export type FindingType = Exclude<keyof ResourceDetails, 'Container'> | 'AwsAccount';

/** One statement of a role's policy. */
export type Permission = {
  readonly actions: readonly string[];
  /** `*`, or ARNs in which `{partition}` and `{account}` stand for the account's own. */
  readonly resources: readonly string[];
  /** Why, where the actions do not say it. */
  readonly why?: string;
};

/** What a kind's parts are: by id, or by the beginning of ids and `*`. */
export type PartFacts = {
  readonly id: string;
  /** Several where the target decides. */
  readonly role: PartRole | 'by-target';
  /**
   * `own`: a policy document that a restore may write in any wording. `shared`: another target's text, which a restore
   * attaches or detaches. `derived`: a setting said as a document, which a restore writes only as it once was.
   */
  readonly text: 'own' | 'shared' | 'derived';
  /** What it means that the part is not there. */
  readonly absence: 'grants-nothing' | 'limits-nothing' | 'default' | 'not-allowed';
};

/** A client of AWS's SDK, or of the same form. */
export type ClientDefinition = {
  /** By which code here calls it. */
  readonly name: string;
  /** A package, or a file beside the definition. */
  readonly module: string;
  readonly class: string;
  /** The service's name in signatures. S3 Control signs as S3, and is told by a name of its own. */
  readonly scope: string;
  readonly protocol: 'awsQuery' | 'ec2Query' | 'awsJson' | 'restJson' | 'restXml';
};

/** A command, and what `file://before.json` in it stands for; undefined where no version holds that text. */
export type DocumentCommand = { readonly command: string; readonly document: string | undefined };

/** AWS CLI commands that lead from what AWS holds to what is wanted, each complete: a shell takes it as it is. */
export type UndoCommands = (live: Snapshot, wanted: Snapshot) => readonly (string | DocumentCommand)[];

/** Where a kind stands in code: `AWS::SNS::TopicPolicy.PolicyDocument`, `aws_sns_topic_policy.policy`. */
type Places = {
  readonly cloudFormation: readonly string[];
  readonly terraform: readonly string[];
  /** Why there are none. */
  readonly none?: string;
};

export type KindDefinition = KindFacts & {
  readonly kind: string;
  /** How people say it, before the name: `policy of topic`. */
  readonly words: string;
  /** The client that reads and writes it. */
  readonly client: keyof AwsClients;
  readonly parts: readonly PartFacts[];
  /**
   * How a target is told from one made again under its name: by an id of its own, by the time of its making, or by
   * nothing that AWS shows.
   */
  readonly identity: 'unique-id' | 'creation-time' | 'none';
  /** Names of AWS's errors: the target is not there; it cannot be written just now. */
  readonly errors: { readonly gone: readonly AnswerOfAws[]; readonly notNow: readonly string[] };
  readonly permissions: {
    readonly read: readonly Permission[];
    readonly list: readonly Permission[];
    readonly write: readonly Permission[];
  };
  readonly undo: UndoCommands;
  /** As the AWS Security Finding Format calls the resource; `Other` where it has no word. */
  readonly findingType: FindingType | ((arn: string) => FindingType);
  readonly places: Places;
  /** Says why a target of the kind can never be restored. Absent: all can. */
  readonly whyNotRestorable?: (target: TargetRef) => string | undefined;
  /** Loads what reads and writes it, and its service's client with it. */
  readonly load: () => Promise<TargetOperations>;
};

/** A policy of one document beside which identity policies of the account grant: so are most kinds. */
export const RESOURCE_POLICY = {
  policyType: 'RESOURCE_POLICY',
  namesPrincipals: true,
  grantedElsewhere: () => 'by-account',
  scope: 'regional',
  parts: [{ id: 'document', role: 'resource', text: 'own', absence: 'grants-nothing' }],
} as const satisfies Partial<KindDefinition>;

/** A setting that limits what anybody may be granted elsewhere. */
export const LIMIT = {
  policyType: 'RESOURCE_POLICY',
  namesPrincipals: false,
  grantedElsewhere: () => 'by-anyone',
  scope: 'regional',
} as const satisfies Partial<KindDefinition>;
