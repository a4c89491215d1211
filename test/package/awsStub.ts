/**
 * The few AWS calls a packaged function makes, on loopback: S3 objects with conditional writes, bucket policies,
 * SNS publishing, SQS sending. Signatures are not checked; nothing else is known.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './lambda.ts';

export type AwsStub = {
  readonly endpoint: string;
  /** Objects of all buckets, by `bucket/key`. */
  readonly objects: Map<string, string>;
  /** Policies by bucket; a bucket without an entry has none. */
  readonly bucketPolicies: Map<string, string>;
  /** Published messages, as given. */
  readonly published: { readonly subject: string; readonly message: string }[];
  /** Bodies of sent queue messages. */
  readonly sent: string[];
  close(): void;
};

/** Starts the stub. */
export async function startAwsStub(): Promise<AwsStub> {
  const objects = new Map<string, string>();
  const bucketPolicies = new Map<string, string>();
  const published: { subject: string; message: string }[] = [];
  const sent: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const url = new URL(request.url ?? '/', 'http://stub');
      if (url.pathname !== '/')
        return answerS3({ request, response, body, url }, { objects, bucketPolicies });
      if (request.headers['x-amz-target']?.includes('SendMessage')) {
        const { MessageBody: message } = JSON.parse(body) as { MessageBody: string };
        sent.push(message);
        const md5 = createHash('md5').update(message).digest('hex');
        return response
          .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
          .end(JSON.stringify({ MessageId: '1', MD5OfMessageBody: md5 }));
      }
      const form = new URLSearchParams(body);
      published.push({ subject: form.get('Subject') ?? '', message: form.get('Message') ?? '' });
      return response
        .writeHead(200)
        .end('<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>');
    });
  });
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    bucketPolicies,
    published,
    sent,
    close: () => server.close(),
  };
}

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  readonly url: URL;
};

function answerS3(
  { request, response, body, url }: Exchange,
  { objects, bucketPolicies }: Pick<AwsStub, 'objects' | 'bucketPolicies'>,
): void {
  const fail = (status: number, code: string) => {
    response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
  };
  const path = decodeURIComponent(url.pathname.slice(1)).replace(/\/$/, '');
  if (url.searchParams.has('policy')) {
    if (request.method === 'PUT') {
      bucketPolicies.set(path, unchunk(body, request));
      response.writeHead(204).end();
      return;
    }
    if (request.method === 'DELETE') {
      bucketPolicies.delete(path);
      response.writeHead(204).end();
      return;
    }
    const policy = bucketPolicies.get(path);
    if (policy === undefined) fail(404, 'NoSuchBucketPolicy');
    else response.writeHead(200).end(policy);
    return;
  }
  const held = objects.get(path);
  const tag = held === undefined ? undefined : `"${createHash('md5').update(held).digest('hex')}"`;
  if (request.method === 'GET') {
    if (url.searchParams.has('list-type')) {
      response.writeHead(200).end('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>');
    } else if (held === undefined) {
      fail(404, 'NoSuchKey');
    } else {
      response.writeHead(200, { etag: tag }).end(held);
    }
    return;
  }
  const [ifMatch, ifNoneMatch] = [request.headers['if-match'], request.headers['if-none-match']];
  if ((ifNoneMatch === '*' && held !== undefined) || (ifMatch !== undefined && ifMatch !== tag)) {
    fail(412, 'PreconditionFailed');
    return;
  }
  const content = unchunk(body, request);
  objects.set(path, content);
  response.writeHead(200, { etag: `"${createHash('md5').update(content).digest('hex')}"` }).end();
}

/** The SDK may send a body in signed chunks: sizes in hex between the pieces, and a trailer. */
function unchunk(body: string, request: IncomingMessage): string {
  if (!String(request.headers['content-encoding'] ?? '').includes('aws-chunked')) return body;
  let content = '';
  let rest = body;
  for (;;) {
    const end = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.slice(0, end), 16);
    if (!size) return content;
    const piece = Buffer.from(rest.slice(end + 2))
      .subarray(0, size)
      .toString();
    content += piece;
    rest = rest.slice(end + 2 + piece.length + 2);
  }
}
