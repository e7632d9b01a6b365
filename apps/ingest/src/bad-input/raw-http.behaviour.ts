import { connect } from 'node:net';

/** What came back over a bare connection. */
export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/** Writes bytes to a port as they are, and reads until the other side hangs up, or has answered `Connection: close`. */
export function sendRaw(port: number, ...parts: (string | Buffer)[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => (chunks.length > 0 ? resolve(read(chunks)) : reject(error)));
    socket.on('close', () => resolve(read(chunks)));
    for (const part of parts) socket.write(part);
  });
}

/** A request with exactly these header lines; a length and a close are added. */
export function rawRequest(headerLines: readonly string[], body: string | Buffer = '', target = '/v1/events'): Buffer {
  const lines = [
    `POST ${target} HTTP/1.1`,
    'Host: here',
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headerLines,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}

function read(chunks: Buffer[]): RawAnswer {
  const [head = '', ...rest] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: rest.join('\r\n\r\n') };
}
