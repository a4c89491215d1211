/**
 * What services with one policy a thing have in common in memory: reading, writing and taking away, by the service's own
 * names for calls, parameters and errors.
 */
import {
  type Account,
  AwsError,
  type Input,
  type Operation,
  type OperationContext,
  optional,
  type Resource,
  resourceOf,
} from './account.ts';

export type Documented = {
  /** The thing's ARN from the parameters of a call. */
  readonly arnOf: (account: Account, input: Input, context: OperationContext) => string;
  /** The service's error for a thing that is not there. */
  readonly notFound: string;
  /** The service's error for a thing without a policy; absent: it answers with none. */
  readonly noPolicy?: string;
  /** True: there always is one; it comes into being when it is first asked for. */
  readonly isSingle?: boolean;
};

/** Returns the thing that the parameters name. */
export function thingOf(
  { arnOf, notFound, isSingle = false }: Documented,
  account: Account,
  input: Input,
  context: OperationContext,
): Resource {
  const lenient = context.lenient || isSingle;
  return resourceOf(account, arnOf(account, input, context), { lenient, notFound });
}

/** Returns the operation that shows the policy under that name, with its revision under another if the service has one. */
export function reading(
  documented: Documented,
  show: (policy: string | undefined, thing: Resource) => Input,
): Operation {
  return (account, input, context) => {
    const thing = thingOf(documented, account, input, { ...context, lenient: false });
    if (thing.policy === undefined && documented.noPolicy !== undefined)
      throw new AwsError(documented.noPolicy, `${thing.arn} has no policy`);
    return show(thing.policy, thing);
  };
}

/** Returns the operation that writes what the parameter holds; an empty text takes the policy away. */
export function writing(
  documented: Documented,
  parameter: string,
  check: (thing: Resource, input: Input) => void = () => undefined,
): Operation {
  return (account, input, context) => {
    const thing = thingOf(documented, account, input, context);
    if (!context.lenient) check(thing, input);
    thing.policy = optional(input, parameter);
    thing.revision++;
    return {};
  };
}

/** Returns the operation that takes the policy away. */
export function removing(
  documented: Documented,
  check: (thing: Resource, input: Input) => void = () => undefined,
): Operation {
  return (account, input, context) => {
    const thing = thingOf(documented, account, input, context);
    if (!context.lenient) check(thing, input);
    thing.policy = undefined;
    thing.revision++;
    return {};
  };
}

/** Returns the operation that takes the thing itself away. */
export function deleting({ arnOf }: Documented): Operation {
  return (account, input, context) => {
    account.resources.delete(arnOf(account, input, context));
    return {};
  };
}
