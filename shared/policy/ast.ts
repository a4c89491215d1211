/**
 * The policy language as a closed tree. `parsePolicy` is the only maker of these values;
 * evaluator and encoder read them, each with its own meaning function, sharing no other code.
 * Everything the language can say is here; what is not here was refused by the parser.
 */

/** The grammars: which elements a statement must and may have. A role's trust policy is a RESOURCE_POLICY. */
export type PolicyType = 'IDENTITY_POLICY' | 'RESOURCE_POLICY';

/** A place in a source text. Lines and columns count from 1, offsets from 0 (UTF-16 units). */
export type Position = { readonly line: number; readonly column: number; readonly offset: number };

/** Half-open: `end` is the first position after the text. */
export type Span = { readonly start: Position; readonly end: Position };

/** One step of a pattern. Text is literal: `*` and `?` in it are themselves. */
export type PatternToken =
  | { readonly kind: 'text'; readonly text: string }
  /** `*`: any characters, none included. */
  | { readonly kind: 'star' }
  /** `?`: exactly one character (code point). */
  | { readonly kind: 'question' }
  /** `${key}` or `${key, 'default'}`. The key is lower-cased. */
  | { readonly kind: 'variable'; readonly key: string; readonly defaultText?: string };

/** Matches the whole string. Adjacent text tokens are merged and runs of `*` collapsed; `[]` matches `''` only. */
export type Pattern = readonly PatternToken[];

/** ARN parts: `arn`, partition, service, region, account, and the whole rest (which may hold `:` and `/`). */
export type ArnPattern = readonly [Pattern, Pattern, Pattern, Pattern, Pattern, Pattern];

/** `Action` or `NotAction`. */
export type ActionElement = {
  /** True for `NotAction`. */
  readonly negated: boolean;
  /** As written, one pattern a list member; compared without case. Never holds variables. */
  readonly patterns: readonly Pattern[];
};

/** One value of `Resource`. */
export type ResourcePattern =
  /** The pattern `*`: the literal resource `*` and every ARN. */
  | { readonly kind: 'any'; readonly text: string }
  /** Six patterns, matched part by part, incomplete ARNs completed; a variable before the last is read. The first part is `arn`. */
  | {
      readonly kind: 'arn';
      readonly text: string;
      readonly parts: ArnPattern;
      /** What else AWS may make of it, by construct; see `readings.ts`. */
      readonly readings?: {
        readonly 'refused-arn'?: ResourcePattern;
        readonly 'irregular-account'?: ResourcePattern;
      };
    }
  /** One pattern for the whole ARN, in which a wildcard may stand for colons. */
  | { readonly kind: 'whole'; readonly text: string; readonly pattern: Pattern }
  /** Matches nothing. */
  | { readonly kind: 'nothing'; readonly text: string };

/** `Resource` or `NotResource`. */
export type ResourceElement = {
  /** True for `NotResource`. */
  readonly negated: boolean;
  readonly patterns: readonly ResourcePattern[];
};

/** One value of `Principal`. */
export type PrincipalPattern =
  /** `"*"` and `{"AWS":"*"}`: everyone, anonymous callers and services included. */
  | { readonly kind: 'everyone' }
  /** A 12-digit account id or its root ARN: every principal of the account. */
  | { readonly kind: 'account'; readonly account: string }
  /** A role's ARN: the role and each of its sessions. `entity` is `role/path/Name`; sessions are known by name alone. */
  | {
      readonly kind: 'role';
      readonly partition: string;
      readonly account: string;
      readonly entity: string;
      readonly name: string;
    }
  /** `arn:P:sts::A:assumed-role/Name/Session`: that session. */
  | {
      readonly kind: 'session';
      readonly partition: string;
      readonly account: string;
      readonly roleName: string;
      readonly session: string;
    }
  /** A user (`user/path/Name`), a federated user (`federated-user/Name`) or any other entity with an ARN: that one. */
  | {
      readonly kind: 'entity';
      readonly partition: string;
      readonly service: 'iam' | 'sts';
      readonly account: string;
      readonly entity: string;
    }
  /** `AIDA…`, `AROA…`: what AWS stores after the user or role was deleted; that unique id and nothing else. */
  | { readonly kind: 'uniqueId'; readonly id: string }
  /** Equal values of that kind; the value `*` is every value of that kind. */
  | { readonly kind: 'Service' | 'Federated' | 'CanonicalUser'; readonly value: string }
  /** A value of such a kind with wildcards; these and the next two only where a document is compared with. */
  | {
      readonly kind: 'values';
      readonly of: 'Service' | 'Federated' | 'CanonicalUser';
      readonly pattern: Pattern;
    }
  /** Every principal of the accounts. */
  | { readonly kind: 'accounts'; readonly account: Pattern }
  /** Users, roles, federated users by their ARNs; sessions by the name of their role, where the pattern has no path. */
  | {
      readonly kind: 'entities';
      readonly partition: Pattern;
      readonly service: 'iam' | 'sts';
      readonly account: Pattern;
      readonly entity: Pattern;
      readonly sessions?: { readonly roleName: Pattern; readonly session: Pattern };
    };

/** `Principal` or `NotPrincipal`. */
export type PrincipalElement = {
  /** True for `NotPrincipal`. */
  readonly negated: boolean;
  /** ORed. */
  readonly patterns: readonly PrincipalPattern[];
  /** In the policy of a VPC endpoint that is a gateway, or may be one: see `readings.ts`. */
  readonly endpoint?: EndpointType;
};

/** A VPC endpoint that is a gateway, or whose type is not known. */
export type EndpointType = 'gateway' | 'unknown';

/** An exact decimal: `units / 10 ** scale`. Normalised: `scale >= 0`, and `units` not a multiple of ten unless `scale` is 0. */
export type Decimal = { readonly units: bigint; readonly scale: number };

/** Addresses `first` to `last`, both included, as numbers of 32 (version 4) or 128 bits (version 6). */
export type IpRange = {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefixLength: number;
};

/** How numbers and dates are compared with a policy's value. */
export type Comparison = '=' | '<' | '<=' | '>' | '>=';

/** What one request value is compared with; the policy's values are ORed. */
export type ConditionTest =
  /** `StringEquals`, `…IgnoreCase` (`foldCase`), `StringLike`; only `StringLike` patterns hold wildcards. */
  | { readonly kind: 'string'; readonly foldCase: boolean; readonly patterns: readonly Pattern[] }
  /**
   * `ArnEquals`, `ArnLike`. Incomplete ARNs are completed with `*`; a value that is no ARN pattern matches nothing and is
   * left out (the parser warned).
   */
  | {
      readonly kind: 'arn';
      readonly patterns: readonly ArnPattern[];
      /** Those written in full, where not all are; see `readings.ts`. */
      readonly complete?: readonly ArnPattern[];
    }
  | { readonly kind: 'number'; readonly comparison: Comparison; readonly values: readonly Decimal[] }
  /** Instants as seconds since 1970-01-01T00:00:00Z, fractions exact. */
  | { readonly kind: 'date'; readonly comparison: Comparison; readonly values: readonly Decimal[] }
  | { readonly kind: 'bool'; readonly values: readonly boolean[] }
  /** Canonical base64 of the bytes. */
  | { readonly kind: 'binary'; readonly values: readonly string[] }
  | { readonly kind: 'ip'; readonly ranges: readonly IpRange[] }
  /** `Null`: true asks for an absent key, false for a present one. */
  | { readonly kind: 'null'; readonly values: readonly boolean[] };

/** One operator applied to one key. All conditions of a statement are ANDed. */
export type Condition = {
  /** As written, for messages: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As written, for messages. */
  readonly keyText: string;
  /** Lower-cased: key names compare without case. */
  readonly key: string;
  readonly quantifier?: 'ForAllValues' | 'ForAnyValue';
  /** Never true with `null`. */
  readonly ifExists: boolean;
  /** True for the `…Not…` operators: the negation of the OR over the values. */
  readonly negated: boolean;
  readonly test: ConditionTest;
};

/** One statement of a policy. */
export type Statement = {
  /** Counts from 0, in document order. What AWS holds and cannot be read in full is several statements of one index. */
  readonly index: number;
  /** Only when not empty. */
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** Present iff the policy is a resource policy. */
  readonly principal?: PrincipalElement;
  readonly action: ActionElement;
  /** Absent: any resource (trust policies). */
  readonly resource?: ResourceElement;
  readonly conditions: readonly Condition[];
  /**
   * Only in documents that AWS holds: what of the statement could not be read. It is then the most that the statement
   * can match, and one of its conditions stands for whether it does.
   */
  readonly unread?: readonly PolicyProblem[];
};

/** What is known of where a document stands, and decides how some of its words are read. */
export type Syntax = {
  /** True of a control policy of an organization: AWS does not say that it completes every incomplete ARN there. */
  readonly isControl?: boolean;
  /**
   * The beginning of the ARN of whose policy it is, up to its `/`, where a service lets policies leave it out:
   * `arn:aws:execute-api:eu-west-1:111122223333:a1b2c3`. Absent: not known.
   */
  readonly owner?: string;
  /** Present iff it is the policy of a VPC endpoint that is, or may be, a gateway: principals are read otherwise there. */
  readonly endpoint?: EndpointType;
};

/** A parsed document. */
export type Policy = {
  readonly policyType: PolicyType;
  /** `2008-10-17` when the document names none; variables exist only in `2012-10-17`. */
  readonly version: '2008-10-17' | '2012-10-17';
  readonly id?: string;
  /** How it was read beyond its grammar: what is made of its text is read the same way. */
  readonly syntax: Syntax;
  readonly statements: readonly Statement[];
  readonly warnings: readonly PolicyProblem[];
  /** The text that was parsed, for quoting lines. */
  readonly source: string;
  /** File name or other label of the source, when the caller gave one. */
  readonly sourceName?: string;
};

/** One problem of a document, and where it is. */
export type PolicyProblem = {
  /** One lower-case sentence without a full stop: what is wrong and what to do. */
  readonly message: string;
  /** JSON path: `$.Statement[2].Action`. */
  readonly path: string;
  /** Absent only when the document came as a value without text. */
  readonly position?: Position;
  readonly sourceName?: string;
};

/** Either the whole policy or every problem found; a document that a person submits is refused whole. */
export type ParseResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };
