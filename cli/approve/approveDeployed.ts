/** Approval by the deployed function: it is invoked as whoever is signed in, and its refusal is told. */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { InputError } from '../input/inputError.ts';

const answerSchema = v.union([
  v.object({ kind: v.literal('approved'), findings: v.array(v.string()) }),
  v.object({ kind: v.string(), why: v.string(), newer: v.optional(v.array(v.string())) }),
]);

type DeployedApproval = { readonly findingId: string; readonly who: string; readonly why: string };

/** Returns the ids of the findings that ended with it. Throws `InputError` with the function's reason when it refused. */
export async function approveDeployed(
  functionName: string,
  request: DeployedApproval,
  client: Pick<LambdaClient, 'send'>,
): Promise<readonly string[]> {
  const { Payload, FunctionError } = await invoke(functionName, request, client);
  const text = Payload === undefined ? '' : new TextDecoder().decode(Payload);
  const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), answerSchema), text);
  if (FunctionError !== undefined || !answer.success)
    throw new InputError([{ source: functionName, message: `failed; nothing was accepted: ${text}` }]);
  if ('findings' in answer.output) return answer.output.findings;
  const { why, newer = [] } = answer.output;
  const instead = newer.length > 0 ? `; approve these first: ${newer.join(', ')}` : '';
  throw new InputError([{ source: functionName, message: `${why}${instead}` }]);
}

async function invoke(functionName: string, request: DeployedApproval, client: Pick<LambdaClient, 'send'>) {
  try {
    return await client.send(
      new InvokeCommand({
        FunctionName: functionName,
        Payload: new TextEncoder().encode(JSON.stringify(request)),
      }),
    );
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new InputError([{ source: functionName, message: `cannot be invoked: ${reason}` }]);
  }
}
