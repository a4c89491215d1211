/** What the AWS CLI says and returns when a call cannot be made or the service refuses it. */

/** Exit statuses of the AWS CLI. Source: AWS CLI User Guide, "Command line return codes". */
export const AWS_STATUS = {
  /** The service answered, whatever the result. */
  answered: 0,
  /** The command line could not be parsed, or an argument is missing. */
  usage: 252,
  /** The service refused the request. */
  refused: 254,
  /** Anything else. */
  fault: 255,
} as const;

export type AwsStatus = (typeof AWS_STATUS)[keyof typeof AWS_STATUS];

/** Thrown inside the commands; caught once, where they end. `text` is what stands on standard error. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: AwsStatus;
  constructor(status: AwsStatus, text: string) {
    super(text);
    this.status = status;
  }
}

/** Returns the refusal of the service, as the AWS CLI prints it. */
export function refusedBy(operation: string, code: string, message: string): Refusal {
  return new Refusal(
    AWS_STATUS.refused,
    `An error occurred (${code}) when calling the ${operation} operation: ${message}`,
  );
}

/** Returns the refusal of a command line. */
export function misused(message: string): Refusal {
  return new Refusal(AWS_STATUS.usage, `aws: [ERROR]: ${message}`);
}
