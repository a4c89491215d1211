/**
 * Services in memory whose resources hold one policy each: reading, writing and taking away, by the service's own names
 * for calls, parameters and errors.
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
  /** The resource's ARN from the parameters of a call. */
  readonly arnOf: (account: Account, input: Input, context: OperationContext) => string;
  /** The service's error for a resource that is not there. */
  readonly notFound: string;
  /** The service's error for a resource without a policy; absent: it answers with none. */
  readonly noPolicy?: string;
  /** True: there always is one; it comes into being when it is first asked for. */
  readonly isSingle?: boolean;
};

/** Returns the resource that the parameters name. */
export function resourceNamed(
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
  show: (policy: string | undefined, resource: Resource) => Input,
): Operation {
  return (account, input, context) => {
    const resource = resourceNamed(documented, account, input, { ...context, lenient: false });
    if (resource.policy === undefined && documented.noPolicy !== undefined)
      throw new AwsError(documented.noPolicy, `${resource.arn} has no policy`);
    return show(resource.policy, resource);
  };
}

/** Returns the operation that writes what the parameter holds; an empty text takes the policy away. */
export function writing(
  documented: Documented,
  parameter: string,
  check: (resource: Resource, input: Input) => void = () => undefined,
): Operation {
  return (account, input, context) => {
    const resource = resourceNamed(documented, account, input, context);
    if (!context.lenient) check(resource, input);
    resource.policy = optional(input, parameter);
    resource.revision++;
    return {};
  };
}

/** Returns the operation that takes the policy away. */
export function removing(
  documented: Documented,
  check: (resource: Resource, input: Input) => void = () => undefined,
): Operation {
  return (account, input, context) => {
    const resource = resourceNamed(documented, account, input, context);
    if (!context.lenient) check(resource, input);
    resource.policy = undefined;
    resource.revision++;
    return {};
  };
}

/** Returns the operation that takes the resource itself away. */
export function deleting({ arnOf }: Documented): Operation {
  return (account, input, context) => {
    account.resources.delete(arnOf(account, input, context));
    return {};
  };
}
