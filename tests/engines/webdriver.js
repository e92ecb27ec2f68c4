// A small driver of Firefox and WebKit over plain WebDriver (W3C): a browser is started with its driver, sent to an
// address, and asked by scripts. scripts/engines.sh says where the programs are.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @typedef {"firefox" | "webkit"} Engine */

/** A browser that has not started by then does not. */
const START_MS = 60_000;
/** A call that has not answered by then is given up: a page that hangs must not hang the tests. */
const CALL_MS = 60_000;

/** The engines that are tested here. @returns {Engine[]} */
export const engines = () => /** @type {Engine[]} */ ((process.env.ENGINES ?? "").split(" ").filter(Boolean));

/** @param {string} name of an environment variable */
function program(name) {
  const path = process.env[name];
  if (!path) throw new Error(`${name} must name a program: run the tests with \`make test\``);
  return path;
}

/** Everything that was started and has not been ended. @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
/** Nothing outlives the tests, however they end. */
process.on("exit", () => [...running].forEach(end));
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.once(signal, () => process.exit(1));

/**
 * Starts a program as the head of a process group, so that what it starts ends with it.
 * @param {string} path @param {string[]} args @param {import("node:child_process").SpawnOptions} [options]
 */
function start(path, args, options = {}) {
  const child = spawn(path, args, { stdio: "ignore", detached: true, ...options });
  running.add(child);
  child.on("error", () => running.delete(child));
  return child;
}

/** Ends a program and all that it started. @param {import("node:child_process").ChildProcess} child */
function end(child) {
  running.delete(child);
  try {
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/** A screen that nobody sees; it picks a free number and tells it. @param {string} home */
async function startScreen(home) {
  const screen = start(program("XVFB"), ["-displayfd", "3", "-screen", "0", "1440x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    cwd: home,
  });
  const told = /** @type {import("node:stream").Readable} */ (screen.stdio[3]);
  const gone = once(screen, "exit").then(() => {
    throw new Error("Xvfb ended before it was ready");
  });
  const [number] = await Promise.race([once(told, "data"), gone]);
  gone.catch(() => {});
  return { screen, display: `:${String(number).trim()}` };
}

/**
 * How each engine is started and what a session asks of it.
 * @type {Record<Engine, (port: number, home: string, locale: string | null) => Promise<{processes: import("node:child_process").ChildProcess[], wanted: object}>>}
 */
const START = {
  async firefox(port, home, locale) {
    const binary = program("FIREFOX");
    // Its own port for a protocol that is not used here: the usual one may be taken.
    const args = [
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--websocket-port",
      String(await freePort()),
      "--profile-root",
      home,
    ];
    const driver = start(program("GECKODRIVER"), args, { env: environment(home, locale) });
    return {
      processes: [driver],
      wanted: { "moz:firefoxOptions": { binary, args: ["-headless", "--width=1440", "--height=1000"] } },
    };
  },
  async webkit(port, home, locale) {
    const { screen, display } = await startScreen(home);
    // Without a sandbox and a GPU: a container has neither.
    const env = {
      ...environment(home, locale),
      DISPLAY: display,
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
      LIBGL_ALWAYS_SOFTWARE: "1",
    };
    const driver = start(program("WEBKIT_DRIVER"), ["--host=127.0.0.1", `--port=${port}`], { env });
    return {
      processes: [driver, screen],
      wanted: { "webkitgtk:browserOptions": { binary: program("MINIBROWSER"), args: ["--automation"] } },
    };
  },
};

/** The environment of a browser that knows nothing of this machine's user. @param {string} home @param {string | null} locale none: as if it had not been set */
function environment(home, locale) {
  const { LANG, LANGUAGE, LC_ALL, ...rest } = process.env;
  const named = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith("LC_")));
  return { ...named, HOME: home, XDG_RUNTIME_DIR: home, ...(locale ? { LANG: locale, LC_ALL: locale } : {}) };
}

export class Browser {
  #base;
  #processes;
  #home;

  /** @param {string} base address of the session @param {string} version @param {import("node:child_process").ChildProcess[]} processes @param {string} home */
  constructor(base, version, processes, home) {
    this.#base = base;
    this.version = version;
    this.#processes = processes;
    this.#home = home;
  }

  /** Starts an engine. @param {Engine} engine @param {string | null} [locale] null: with none */
  static async open(engine, locale = "en_US.UTF-8") {
    const home = mkdtempSync(join(tmpdir(), "counterfeit-"));
    const port = await freePort();
    const { processes, wanted } = await START[engine](port, home, locale);
    try {
      const driver = `http://127.0.0.1:${port}`;
      await answering(driver, processes[0]);
      const session = await call("POST", `${driver}/session`, { capabilities: { alwaysMatch: wanted } }, START_MS);
      return new Browser(
        `${driver}/session/${session.sessionId}`,
        session.capabilities.browserVersion,
        processes,
        home,
      );
    } catch (error) {
      processes.forEach(end);
      forget(home);
      throw new Error(`${engine} could not be started: ${/** @type {Error} */ (error).message}`);
    }
  }

  /** @param {string} url */
  async go(url) {
    // The same page with other settings would only change its address.
    await call("POST", `${this.#base}/url`, { url: "about:blank" });
    await call("POST", `${this.#base}/url`, { url });
  }

  /** What a function answers in the page. @template T @template {unknown[]} A @param {(...args: A) => T} script self-contained @param {A} args @returns {Promise<T>} */
  run(script, ...args) {
    return call("POST", `${this.#base}/execute/sync`, { script: `return (${script}).apply(null, arguments);`, args });
  }

  /** Asks again and again until the answer is as it should be. @template T @param {() => T} script @param {(answer: T) => unknown} is @param {number} [timeout] */
  async until(script, is, timeout = 60_000) {
    const last = Date.now() + timeout;
    for (;;) {
      const answer = await this.run(script);
      if (is(answer)) return answer;
      if (Date.now() > last) throw new Error(`not within ${timeout} ms: ${is}\n${JSON.stringify(answer, null, 1)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** What the page looks like, as PNG. */
  async screenshot() {
    return Buffer.from(await call("GET", `${this.#base}/screenshot`), "base64");
  }

  async close() {
    await call("DELETE", this.#base, undefined, 5000).catch(() => {});
    this.#processes.forEach(end);
    forget(this.#home);
  }
}

/** Removes a browser's folder; what it wrote last may come after its end. @param {string} home */
const forget = (home) => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

/** Waits until a driver answers. @param {string} driver its address @param {import("node:child_process").ChildProcess} child */
async function answering(driver, child) {
  const last = Date.now() + START_MS;
  while (Date.now() < last && child.exitCode === null && child.pid) {
    if (
      await call("GET", `${driver}/status`, undefined, 1000).then(
        (status) => status.ready !== false,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(
    child.exitCode === null ? "its driver does not answer" : `its driver ended with status ${child.exitCode}`,
  );
}

/** @param {string} method @param {string} url @param {object} [body] @param {number} [timeout] @returns {Promise<any>} */
async function call(method, url, body, timeout = CALL_MS) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(timeout),
  });
  const { value } = /** @type {{value: any}} */ (await response.json());
  if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`);
  return value;
}
