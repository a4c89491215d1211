/**
 * Clients by shapes of our own over the SDK's core: for services of which a few calls are needed and whose packages would
 * each weigh more than all that is done with them. Credentials, signatures, endpoints, retries and the writing of JSON
 * are the SDK's, as the client of another service of the same protocol has them.
 */
import { EKSClient, type EKSClientConfig } from '@aws-sdk/client-eks';
import { KMSClient } from '@aws-sdk/client-kms';
import { makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import { apiDomainOf } from '../policy/arn.ts';

/** As the SDK's packages write them: kind, namespace, name, traits, and what it is made of. */
type Shape = Parameters<ReturnType<typeof makeBuilder>>[3];
type Schema = Shape[4];

export const STRING: Schema = 0;
export const BOOLEAN: Schema = 2;
/** Seconds since 1970. */
export const DATE: Schema = 4;
/** `2022-07-01T18:11:27.380711Z` */
export const DATE_TIME: Schema = 5;
export const STRINGS: Schema = 64;
/** Stands in the path of the request. */
export const IN_PATH: Schema = [STRING, 1] as unknown as Schema;
/** Stands in the query of the request, under that name. */
export const inQuery = (name: string): Schema => [STRING, { httpQuery: name }] as unknown as Schema;

type Members = { readonly [name: string]: Schema };

type ServiceShapes = {
  /** `ACM PCA` */
  readonly id: string;
  readonly namespace: string;
  readonly version: string;
  /** The service's name in signatures and in its address. */
  readonly scope: string;
  /** What the calls of a JSON 1.1 service begin with. Absent: the service speaks REST with JSON. */
  readonly target?: string;
};

/** A client that sends such commands. */
export type ShapesClient = { send<Output>(command: SentCommand<Output>): Promise<Output> };
type SentCommand<Output> = { readonly input: object; readonly output?: Output };
type MadeCommand<Input, Output> = new (input: Input) => SentCommand<Output>;

/** The parameters of an endpoint that every service has. */
const ENDPOINT = {
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
} as const;

/** Returns what makes the commands of a service, and the base of its client. */
export function shapesOf({ id, namespace, version, scope, target }: ServiceShapes) {
  const structure = (name: string, members: Members): Schema =>
    [3, namespace, name, 0, Object.keys(members), Object.values(members)] as unknown as Schema;
  const builder = makeBuilder(ENDPOINT, id.replaceAll(' ', ''), `${id}Client`, getEndpointPlugin);
  // What it is given decides whose client it is: it knows no operation of its own service until one is sent.
  const Base = (target === undefined ? EKSClient : KMSClient) as unknown as new (
    settings: object,
  ) => ShapesClient;
  return {
    structure,
    listOf: (name: string, member: Schema): Schema => [1, namespace, name, 0, member] as unknown as Schema,
    /** Returns the command of an operation; `http` for REST: method and path. */
    command<Input, Output>(
      name: string,
      {
        input,
        output,
        http,
      }: { readonly input: Members; readonly output: Members; readonly http?: readonly [string, string] },
    ): MadeCommand<Input, Output> {
      const traits = http === undefined ? 0 : { http: [...http, 200] };
      const shape = [
        9,
        namespace,
        name,
        traits,
        structure(`${name}Request`, input),
        structure(`${name}Response`, output),
      ] as unknown as Shape;
      const Command = class extends builder<object, { readonly $metadata: object }>(
        {},
        () => [],
        name,
        shape,
      ) {};
      // Whoever stands in for AWS tells operations by their commands' names.
      Object.defineProperty(Command, 'name', { value: `${name}Command` });
      return Command as unknown as MadeCommand<Input, Output>;
    },
    Client: class extends Base {
      constructor(settings: EKSClientConfig) {
        super({
          ...settings,
          serviceId: id,
          protocolSettings: {
            defaultNamespace: namespace,
            version,
            errorTypeRegistries: [],
            ...(target === undefined ? {} : { serviceTarget: target }),
          },
          endpointProvider: ({
            Endpoint,
            Region = '',
          }: {
            readonly Endpoint?: string;
            readonly Region?: string;
          }) => ({
            url: new URL(Endpoint ?? `https://${scope}.${Region}.${apiDomainOf(Region)}`),
          }),
          signingName: scope,
        });
      }
    },
  };
}
