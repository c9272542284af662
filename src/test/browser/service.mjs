/** The real product: a broker in one process, the service in another that can be killed and started again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Another installation can be tested, too. */
const GISTREAM = process.env.GISTREAM ?? path.join(ROOT, 'gistream');
const PATIENCE_MILLIS = 300_000;

/** Starts sooner without the optimising compiler, and is not here for long. */
const ENVIRONMENT = { ...process.env, GISTREAM_JAVA_OPTS: `-XX:TieredStopAtLevel=1 ${process.env.GISTREAM_JAVA_OPTS ?? ''}` };

class Ended extends Error {}

export class Service {
  #broker;
  #process = null;
  #bootstrap;
  #directory;
  #port;
  #options;
  /** Shown with every request, when there is one. */
  key = null;

  static async start(options = []) {
    const service = new Service();
    service.#options = options;
    service.#directory = await mkdtemp(path.join(tmpdir(), 'gistream-page-'));
    service.#broker = spawn(GISTREAM, ['broker'], { stdio: ['pipe', 'pipe', 'inherit'], env: ENVIRONMENT });
    try {
      service.#bootstrap = await brokerAddress(service.#broker);
      await run(['topics', '--bootstrap-servers', service.#bootstrap, '--set', 'topics.replication-factor=1']);
      service.#port = await freePort();
      await service.up();
      return service;
    } catch (e) {
      await service.stop();
      throw e;
    }
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts the service, on the same port and state as before, and waits until it answers. */
  async up() {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#start();
      } catch (e) {
        // on a machine that is very busy the broker may keep it waiting for too long
        if (attempt === 3 || !(e instanceof Ended)) {
          throw e;
        }
      }
    }
  }

  async #start() {
    const started = spawn(GISTREAM, ['run', '--bootstrap-servers', this.#bootstrap,
      '--set', `http.port=${this.#port}`, '--set', `state.dir=${this.#directory}`,
      // the broker notices a killed service sooner than after its 45 s
    '--set', 'topics.replication-factor=1', '--set', 'kafka.session.timeout.ms=10000', ...this.#options.flatMap((option) => ['--set', option])],
    { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT });
    this.#process = started;
    let log = '';
    const keep = (data) => {
      log = (log + data).slice(-4000);
    };
    started.stdout.on('data', keep);
    started.stderr.on('data', keep);
    started.on('exit', (code) => code !== null && console.error(`the service ended with ${code}:\n${log}`));
    await eventually('the service is ready', async () => {
      if (started.exitCode !== null) {
        throw new Ended(`the service ended:\n${log}`);
      }
      return (await fetch(`${this.url}/health/readiness`)).ok;
    });
  }

  /** Kills it, as if the power failed. */
  async down() {
    if (this.#process === null || this.#process.exitCode !== null || this.#process.signalCode !== null) {
      return;
    }
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  async stop() {
    await this.down();
    const ended = once(this.#broker, 'exit');
    this.#broker.stdin.end();
    await ended;
    await rm(this.#directory, { recursive: true, force: true });
  }

  async request(method, id, below, body) {
    const response = await fetch(`${this.url}/v1/streams/${encodeURIComponent(id)}${below}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.key === null ? {} : { Authorization: `Bearer ${this.key}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${below}: ${response.status} ${text}`);
    }
    return text === '' ? null : JSON.parse(text);
  }

  /** Puts chunks on the topic. */
  say(id, chunks) {
    return this.request('POST', id, '/chunks', chunks);
  }

  summary(id) {
    return this.request('GET', id, '/summary');
  }
}

/** Asks until the answer is truthy; throws of the question count as no. */
export async function eventually(what, question, patience = PATIENCE_MILLIS) {
  const end = Date.now() + patience;
  for (;;) {
    let failure;
    try {
      const answer = await question();
      if (answer) {
        return answer;
      }
    } catch (e) {
      if (e instanceof Ended) {
        throw e;
      }
      failure = e;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${patience / 1000} s: ${what}`, { cause: failure });
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

async function brokerAddress(process) {
  let text = '';
  for await (const data of process.stdout) {
    text += data;
    const line = text.match(/^\S+:\d+$/m);
    if (line !== null) {
      return line[0];
    }
  }
  throw new Error('the broker did not say where it listens');
}

/** What a command says. */
export async function run(args) {
  const process = spawn(GISTREAM, args, { stdio: ['ignore', 'pipe', 'inherit'], env: ENVIRONMENT });
  let out = '';
  process.stdout.on('data', (data) => {
    out += data;
  });
  const [code] = await once(process, 'close');
  if (code !== 0) {
    throw new Error(`gistream ${args[0]} ended with ${code}`);
  }
  return out;
}

async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
