import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/**
 * The least that could take an activation: node:http, a form, and one `SET … EX` over one socket. No check, no
 * sealing, no limit, no log, no client library. Prints its port.
 */
const [redisPort = ''] = process.argv.slice(2);
const redis = connect({ port: Number(redisPort), host: '127.0.0.1', noDelay: true });
const waiting: ((reply: string) => void)[] = [];
let received = '';
redis.setEncoding('latin1');
redis.on('data', (chunk) => {
  const replies = (received + String(chunk)).split('\r\n');
  received = replies.pop() ?? '';
  for (const reply of replies) waiting.shift()?.(reply);
});

const server = createServer((req, res) => {
  void readForm(req).then((form) => {
    const { oauth_consumer_key: key = '', ...rest } = Object.fromEntries(form);
    const command = ['SET', `bare:{${key}}`, JSON.stringify(rest), 'EX', '900'];
    waiting.push((reply) => {
      const text = reply === '+OK' ? 'received\n' : 'not received\n';
      res.writeHead(reply === '+OK' ? 200 : 503, {
        'Content-Type': 'text/plain',
        'Content-Length': text.length,
      });
      res.end(text);
    });
    redis.write(
      `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  req.setEncoding('utf8');
  return new Promise((resolve) => {
    req.on('data', (chunk: string) => {
      body += chunk;
    });
    req.on('end', () => {
      resolve(new URLSearchParams(body));
    });
  });
}
