/** What the cases of kinds that hold one document have in common. */
import { ACCOUNT, awsError, type KindCase, PLACE } from './kindCase.ts';

/** The policy, `''` for none; undefined: the resource is not there. */
export type Held = { readonly policy: string } | undefined;

export type Case = KindCase<Held>;

export type Input = { readonly [parameter: string]: unknown };

/** Returns the text that lets that principal in. */
const policyOf = (principal: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'x:Y', Resource: '*' }],
  });

/** The text of each version that a case asks for. */
export const contents = {
  accepted: { policy: policyOf(ACCOUNT) },
  from: { policy: policyOf('444455556666') },
  another: { policy: policyOf('777788889999') },
  missing: undefined,
};

/** When the resources were made, as AWS says it. */
export const MADE = new Date('2026-01-01T00:00:00Z');

/** Returns the ARN of something of the account's in the one Region. */
export const arnOf = (service: string, rest: string): string =>
  `arn:aws:${service}:${PLACE.region}:${ACCOUNT}:${rest}`;

/** Returns what is held. Throws AWS's error of that name where there is no resource. */
export const there = (held: Held, gone: string): { readonly policy: string } => {
  if (held === undefined) throw awsError(gone);
  return held;
};

/** Returns the policy that is held. Throws AWS's errors: `gone` where there is no resource, `none` where it has no policy. */
export const having = (held: Held, gone: string, none: string = gone): string => {
  const { policy } = there(held, gone);
  if (policy === '') throw awsError(none);
  return policy;
};

/** Returns the answer to a call that writes what the parameter says. */
export const sets = (parameter: string) => (input: Input, _: Held, hold: (next: Held) => void) =>
  hold({ policy: String(input[parameter] ?? '') });

/** The answer to a call that takes the policy away. */
export const clears = (_: Input, __: Held, hold: (next: Held) => void): void => hold({ policy: '' });

/** Returns the answers to a listing of two pages; `marker` is the parameter that asks for the second. */
export const pages = (marker: string, first: object, second: object) => (input: Input) =>
  input[marker] === undefined ? first : second;
