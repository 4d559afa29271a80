/** Process: `bareHandler.ts WAVES PORT`. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Agent, request } from 'undici';
import type { RecordedWaves } from '../bareHandler.ts';

const [wavesFile = '', port = ''] = process.argv.slice(2);
const waves = new Map(
  Object.entries(JSON.parse(readFileSync(wavesFile, 'utf8')) as RecordedWaves).map(([query, recorded]) => [
    JSON.stringify({ query }),
    recorded,
  ]),
);
const dispatcher = new Agent({ connections: 128, pipelining: 1 });

createServer((incoming, reply) => {
  let body = '';
  incoming.setEncoding('utf8');
  incoming.on('data', (chunk: string) => (body += chunk));
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

async function answer(body: string, authorization: string): Promise<string> {
  const answers: string[] = [];
  for (const wave of waves.get(body) ?? []) {
    answers.push(...(await Promise.all(wave.map((call) => ask(call.url, call.body, authorization)))));
  }
  return `{"data":[${answers.join(',')}]}`;
}

async function ask(url: string, body: string, authorization: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization };
  const reply = await request(url, { method: 'POST', headers, body, dispatcher });
  return reply.body.text();
}
