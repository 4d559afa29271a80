/** Process: `bareHandler.mjs WAVES PORT`. WAVES: file with, per document, the recorded calls of each wave. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Agent, request } from 'undici';

const [wavesFile = '', port = ''] = process.argv.slice(2);
const recorded = Object.entries(JSON.parse(readFileSync(wavesFile, 'utf8')));
const wavesByBody = new Map(recorded.map(([query, waves]) => [JSON.stringify({ query }), waves]));
const dispatcher = new Agent({ connections: 128, pipelining: 1 });

createServer((incoming, reply) => {
  let body = '';
  incoming.setEncoding('utf8');
  incoming.on('data', (chunk) => (body += chunk));
  incoming.on('end', () => {
    answer(body, incoming.headers.authorization ?? '')
      .then((text) => {
        reply.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
        reply.end(text);
      })
      .catch(() => reply.writeHead(502).end());
  });
}).listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));

async function answer(body, authorization) {
  const answers = [];
  for (const wave of wavesByBody.get(body) ?? []) {
    answers.push(...(await Promise.all(wave.map((call) => ask(call.url, call.body, authorization)))));
  }
  return `{"data":[${answers.join(',')}]}`;
}

async function ask(url, body, authorization) {
  const headers = { 'content-type': 'application/json', authorization };
  const reply = await request(url, { method: 'POST', headers, body, dispatcher });
  return reply.body.text();
}
