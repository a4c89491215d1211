/**
 * One port of loopback for both versions of HTTP: a client that begins with HTTP/2's preface is given that, without TLS,
 * any other HTTP/1. Kinesis' clients speak HTTP/2. Source: RFC 9113, section 3.3.
 */
import { createServer as createHttp, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A request that has arrived whole. */
export type Arrived = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

export type Answered = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array;
};

/** `lost`: the connection breaks. `hang`: nothing ever comes. */
export type Reply = (request: Arrived) => Promise<Answered | 'lost' | 'hang'>;

type Request = AsyncIterable<Uint8Array> & {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
};

type Response = {
  writeHead(status: number, headers?: { readonly [name: string]: string }): unknown;
  end(body?: string | Uint8Array): unknown;
};

/** Listens on a free port and returns it, with what ends all. */
export async function listen(reply: Reply): Promise<{ readonly port: number; close(): Promise<void> }> {
  const answer = async (request: Request, response: Response, sever: () => void) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = 'GET', url = '/', headers } = request;
    const answered = await reply({ method, url, headers, body: Buffer.concat(chunks) });
    if (answered === 'hang') return;
    if (answered === 'lost') return sever();
    response.writeHead(answered.status, answered.headers);
    response.end(method === 'HEAD' ? undefined : answered.body);
  };
  const told = (response: Response) => (error: unknown) => {
    response.writeHead(500);
    response.end(String(error));
  };
  const http = createHttp((request, response) => {
    answer(request, response, () => response.destroy()).catch(told(response));
  });
  const http2 = createHttp2((request, response) => {
    answer(request, response, () => request.stream.session?.destroy()).catch(told(response));
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      const first: unknown = socket.read();
      if (!Buffer.isBuffer(first)) return socket.destroy();
      socket.unshift(first);
      return (first.toString('latin1').startsWith('PRI ') ? http2 : http).emit('connection', socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // A listening TCP server's address is never a text or null.
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
