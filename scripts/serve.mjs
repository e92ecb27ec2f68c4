// Serves dist/, as any static host would: `PORT=8080 HOST=localhost node scripts/serve.mjs`.
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { preview } from "vite";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** A message for the person at the terminal; anything else that is thrown is a defect here. */
class Refusal extends Error {}

/** A port number; 0 lets the system choose a free one. @param {string} text */
function portFrom(text) {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) {
    throw new Refusal(
      `PORT=${text} is not a port number: it has to be a whole number from 1 to 65535, as in: make run PORT=8081`,
    );
  }
  return Number(text);
}

/** @param {any} error @param {string} host @param {number} port */
function explained(error, host, port) {
  const { code = "", syscall = "", message = String(error) } = error ?? {};
  if (code === "EADDRINUSE" || /already in use/.test(message)) {
    return new Refusal(
      `port ${port} is taken by another program. Choose another one: make run PORT=${port === 8081 ? 8082 : 8081}`,
    );
  }
  if (code === "EACCES" && syscall === "listen")
    return new Refusal(`this user may not listen on port ${port}. Choose one above 1023: make run PORT=8081`);
  if (code === "ENOTFOUND" || code === "EADDRNOTAVAIL")
    return new Refusal(`HOST=${host} is not an address of this computer. Without HOST it is localhost`);
  return error;
}

/** Starts the server; `url` is where it is, `close` ends it. @param {{port?: number, host?: string}} [where] */
export async function serve({ port = 0, host = "localhost" } = {}) {
  if (!existsSync(join(root, "dist", "index.html")))
    throw new Refusal("there is no page to serve yet. Build it first: make build");
  const server = await preview({
    root,
    logLevel: "warn",
    // Static files only, so that any name this computer goes by may be used to reach them.
    preview: { port, host, strictPort: true, open: false, allowedHosts: true },
  }).catch((error) => {
    throw explained(error, host, port);
  });
  const address = server.httpServer.address();
  const chosen = typeof address === "object" && address ? address.port : port;
  // "Every address of this computer" is none to type into a browser.
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return { url: `http://${name}:${chosen}/`, close: () => server.close() };
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const { url, close } = await serve({
      port: portFrom(process.env.PORT || "8080"),
      host: process.env.HOST || "localhost",
    });
    console.log(`==> Counterfeit is at ${url} (Ctrl+C stops it)`);
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.once(signal, () => void close().finally(() => process.exit(0)));
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(`\nerror: ${error.message}`);
    process.exitCode = 1;
  }
}
