// Closed-loop load: `connections` senders, each sends its next request when the last one is answered.
import { Agent, request } from 'node:http';

export async function eventsPerSecond({ url, token, connections, batch, total, makeEvent, contentType }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const bodies = Array.from({ length: total / batch }, () =>
    JSON.stringify(batch === 1 ? makeEvent() : Array.from({ length: batch }, makeEvent)),
  );
  const startedAt = performance.now();
  let next = 0;
  const sender = async () => {
    while (next < bodies.length) await post(agent, url, token, contentType, bodies[next++]);
  };
  await Promise.all(Array.from({ length: connections }, sender));
  agent.destroy();
  return total / ((performance.now() - startedAt) / 1000);
}

function post(agent, url, token, contentType, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': contentType, authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => (answer.statusCode === 202 ? resolve() : reject(new Error(`answered ${answer.statusCode}`))));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
