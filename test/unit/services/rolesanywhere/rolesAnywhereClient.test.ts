/** What the client sends: where to, signed for which service, in which shape. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  GetProfileCommand,
  GetTrustAnchorCommand,
  ListProfilesCommand,
  RolesAnywhereClient,
  UpdateProfileCommand,
} from '../../../../shared/services/rolesanywhere/rolesAnywhereClient.ts';

type Sent = {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly path: string;
  readonly query: object;
  readonly headers: { readonly [name: string]: string };
  /** Bytes. */
  readonly body?: Uint8Array;
};

/** A client whose requests end here, each answered with what is given. */
function client(region: string, { status = 200, body = {}, headers = {} } = {}) {
  const sent: Sent[] = [];
  const requestHandler = {
    async handle(request: Sent) {
      sent.push(request);
      const response = { statusCode: status, headers, body: Readable.from([JSON.stringify(body)]) };
      return { response } as never; // What the SDK reads of an answer.
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
  const settings = { region, credentials: { accessKeyId: 'A', secretAccessKey: 'x' }, maxAttempts: 1 };
  return { client: new RolesAnywhereClient({ ...settings, requestHandler }), sent };
}

describe('the client of Roles Anywhere', () => {
  it.each([
    ['eu-west-1', 'rolesanywhere.eu-west-1.amazonaws.com'],
    ['cn-north-1', 'rolesanywhere.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'rolesanywhere.us-gov-west-1.amazonaws.com'],
  ])('asks the service in %s, signed for it', async (region, host) => {
    const { client: asking, sent } = client(region);

    await asking.send(new GetProfileCommand({ profileId: 'p' }));

    expect(sent).toMatchObject([{ method: 'GET', protocol: 'https:', hostname: host, path: '/profile/p' }]);
    expect(sent[0]?.headers['authorization']).toContain(`/${region}/rolesanywhere/aws4_request`);
  });

  it('asks for a page by its token, and reads what is on it', async () => {
    const body = {
      profiles: [
        { profileArn: 'arn', enabled: true, createdAt: '2022-07-01T18:11:27.380711Z', roleArns: ['r'] },
      ],
      nextToken: 'more',
    };
    const { client: asking, sent } = client('eu-west-1', { body });

    const page = await asking.send(new ListProfilesCommand({ nextToken: 'next' }));

    expect(sent).toMatchObject([{ path: '/profiles', query: { nextToken: 'next' } }]);
    expect(page).toMatchObject({
      ...body,
      profiles: [{ ...body.profiles[0], createdAt: new Date('2022-07-01T18:11:27.380Z') }],
    });
  });

  it('writes what is changed and nothing else', async () => {
    const { client: asking, sent } = client('eu-west-1');

    await asking.send(new UpdateProfileCommand({ profileId: 'p', managedPolicyArns: [] }));

    expect(sent).toMatchObject([{ method: 'PATCH', path: '/profile/p' }]);
    expect(String.fromCharCode(...(sent[0]?.body ?? []))).toBe('{"managedPolicyArns":[]}');
  });

  it('names an error as the service does', async () => {
    const { client: asking } = client('eu-west-1', {
      status: 404,
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException', 'content-type': 'application/json' },
      body: { message: 'no such anchor' },
    });

    await expect(asking.send(new GetTrustAnchorCommand({ trustAnchorId: 't' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'no such anchor',
    });
  });
});
