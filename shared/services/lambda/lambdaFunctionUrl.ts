/**
 * URLs of functions. With auth type `AWS_IAM` a URL takes signed requests, and policies say whose; with `NONE` it takes
 * requests that nobody signed, so it stands for a statement that lets everyone invoke it. (Lambda also asks for such a
 * statement in the function's policy, which is a target of its own and may already be there.)
 * Source: Lambda Developer Guide, "Control access to Lambda function URLs".
 */

import {
  type Cors,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  type InvokeMode,
  ListFunctionsCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { parseArn } from '../../policy/arn.ts';
import { allPages, orFault, restoreByWrites, unless, type Write } from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { documentPart, makeSnapshot } from '../../targets/snapshot.ts';
import type { Snapshot, TargetOperations, TargetRef } from '../../targets/target.ts';
import { urlDocument } from './urlDocument.ts';

type Client = AwsClients['lambda'];

export const lambdaFunctionUrl: TargetOperations = {
  read: (target, { lambda }) => read(target, lambda),
  async *list({ lambda }, place) {
    const functions = allPages(async (Marker) => {
      const page = await orFault(lambda.send(new ListFunctionsCommand({ Marker })));
      return { items: page.Functions ?? [], next: page.NextMarker };
    });
    for await (const { FunctionArn: arn } of functions)
      if (arn !== undefined) yield { kind: 'lambda-function-url', arn, ...place };
  },
  restore: ({ accepted, from }, { lambda }) =>
    restoreByWrites({
      accepted,
      from,
      read: () => read(accepted.target, lambda),
      plan: (live) => [write(accepted, live, lambda)],
    }),
};

/** A function without a URL and one that is gone look the same, and both let in nobody. */
async function read(target: TargetRef, lambda: Client): Promise<Snapshot> {
  const found = await unless(
    ['ResourceNotFoundException'],
    lambda.send(new GetFunctionUrlConfigCommand(functionOf(target))),
  );
  if (found === undefined)
    return makeSnapshot({ target, exists: true, parts: [], restoreHints: { url: null } });
  const { AuthType, Cors, InvokeMode } = found;
  return makeSnapshot({
    target,
    exists: true,
    parts: documentPart(urlDocument(AuthType, target.arn)),
    restoreHints: { url: { AuthType, Cors, InvokeMode } },
  });
}

function functionOf({ arn }: TargetRef): { readonly FunctionName: string; readonly Qualifier?: string } {
  const { head, resource } = parseArn(arn);
  const [type, name, qualifier] = resource.split(':');
  return {
    FunctionName: `${head}:${type}:${name}`,
    ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
  };
}

const texts = v.optional(v.array(v.string()));

const urlSchema = v.object({
  AuthType: v.picklist(['AWS_IAM', 'NONE']),
  Cors: v.optional(
    v.object({
      AllowCredentials: v.optional(v.boolean()),
      AllowHeaders: texts,
      AllowMethods: texts,
      AllowOrigins: texts,
      ExposeHeaders: texts,
      MaxAge: v.optional(v.number()),
    }),
  ),
  InvokeMode: v.optional(v.picklist(['BUFFERED', 'RESPONSE_STREAM'])),
});

function write(accepted: Snapshot, live: Snapshot, lambda: Client): Write {
  const target = functionOf(accepted.target);
  const kept = v.parse(v.nullable(urlSchema), accepted.restoreHints?.['url']);
  if (kept === null) {
    return {
      operation: 'DeleteFunctionUrlConfig',
      summary: `remove the URL of ${target.FunctionName}`,
      send: () => lambda.send(new DeleteFunctionUrlConfigCommand(target)),
    };
  }
  const { AuthType, ...rest } = kept;
  const settings: { Cors?: Cors | undefined; InvokeMode?: InvokeMode | undefined } = rest;
  if (live.parts.length === 0) {
    return {
      operation: 'CreateFunctionUrlConfig',
      summary: `make a URL of ${target.FunctionName} again, at another address`,
      send: () => lambda.send(new CreateFunctionUrlConfigCommand({ ...target, AuthType, ...settings })),
    };
  }
  return {
    operation: 'UpdateFunctionUrlConfig',
    summary: `set the auth type of the URL of ${target.FunctionName} to ${AuthType} again`,
    // What else was set since stays: no part tells of it.
    send: () => lambda.send(new UpdateFunctionUrlConfigCommand({ ...target, AuthType })),
  };
}
