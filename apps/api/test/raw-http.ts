import { connect } from 'node:net';

/** What came back over a bare connection. */
export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/** Writes bytes to the API as they are, and reads until the other side hangs up. */
export function sendRaw(url: string, ...parts: (string | Buffer)[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => (chunks.length > 0 ? resolve(read(chunks)) : reject(error)));
    socket.on('close', () => resolve(read(chunks)));
    for (const part of parts) socket.write(part);
  });
}

/** A request with exactly these header lines. */
export function rawRequest(line: string, headerLines: readonly string[] = [], body = ''): string {
  return `${[`${line} HTTP/1.1`, 'Host: here', 'Connection: close', ...headerLines].join('\r\n')}\r\n\r\n${body}`;
}

function read(chunks: Buffer[]): RawAnswer {
  const [head = '', ...rest] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: rest.join('\r\n\r\n') };
}
