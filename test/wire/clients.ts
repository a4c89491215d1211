/** Real SDK clients that talk to the wire, one of each service, made when first used. */
import { lookup } from 'node:dns';
import { Agent } from 'node:http';
import { CLIENTS } from '../../shared/services/registry.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { ClientsFor } from '../../shared/targets/target.ts';
import type { Wire } from './server.ts';
import { clientOf } from './services.ts';

/** S3 Control's clients put the account id before the host. */
const httpAgent = new Agent({
  lookup: (host, options, callback) =>
    lookup(host.replace(/^\d{12}\.localhost$/, '127.0.0.1'), options, callback),
});

const SERVICES = CLIENTS.map(({ name }) => name as keyof AwsClients); // `AwsClients` is made of these definitions.

/** Returns the clients of whoever signs with the key id, whatever account is asked for: the key tells the account. */
export function createWireClients({ endpoint }: Pick<Wire, 'endpoint'>, accessKeyId: string): ClientsFor {
  const byRegion = new Map<string, AwsClients>();
  return ({ region }) => {
    const settings = {
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey: 'x' },
    };
    const clients = byRegion.get(region) ?? make(settings);
    byRegion.set(region, clients);
    return clients;
  };
}

type Settings = { readonly endpoint: string };

function make(settings: Settings): AwsClients {
  const endpoint = settings.endpoint.replace('127.0.0.1', 'localhost');
  const named = { ...settings, endpoint, requestHandler: { httpAgent } };
  const clients = SERVICES.map((service) => {
    const made = clientOf(service, service === 's3Control' ? named : settings);
    return [service, { send: async (command: object) => (await made()).send(command) }];
  });
  return Object.fromEntries(clients) as AwsClients; // `send` hands on what it is given, and what comes back.
}
