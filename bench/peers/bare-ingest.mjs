// The least that an ingest can do: parse JSON, hand over to Kafka, answer after acks=all. No token, no checks, no results.
import { createServer } from 'node:http';
import kafkajs from 'kafkajs';

const { Kafka, logLevel } = kafkajs;
const [brokers, topic] = process.argv.slice(2);
const producer = new Kafka({ brokers: brokers.split(','), clientId: 'bare-ingest', logLevel: logLevel.NOTHING }).producer({
  allowAutoTopicCreation: false,
});
await producer.connect();

let waiting = [];
let isSending = false;
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const events = Array.isArray(body) ? body : [body];
    waiting.push({ messages: events.map((event) => ({ key: event.subject, value: JSON.stringify(event) })), response });
    if (!isSending) void drain();
  });
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));

// Gathering is part of the bare minimum: one send per request would measure round trips.
async function drain() {
  isSending = true;
  while (waiting.length > 0) {
    const taken = waiting;
    waiting = [];
    await producer.send({ topic, acks: -1, messages: taken.flatMap((one) => one.messages) });
    for (const { response } of taken) response.writeHead(202).end();
  }
  isSending = false;
}
