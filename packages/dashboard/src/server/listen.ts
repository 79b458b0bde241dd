/**
 * Where the server can be reached: this machine's own addresses, 127.0.0.1 and ::1, on one port; another address alone where that was asked for.
 */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { UsageError } from "@autodidact/core";

const OWN = ["127.0.0.1", "::1"] as const;

export interface Listening {
  readonly port: number;
  readonly url: string;
  /** What a Host header may say. */
  readonly hosts: readonly string[];
  close(): Promise<void>;
}

interface ListenOptions {
  /** 0: a free one. */
  readonly port: number;
  /** Another address than this machine's own. */
  readonly host?: string | undefined;
}

/** `serverFor` makes a server that does not listen yet. */
export async function listen(serverFor: () => Server, { port: asked, host }: ListenOptions): Promise<Listening> {
  const servers: Server[] = [];
  let port = asked;
  try {
    for (const address of host === undefined ? OWN : [host]) {
      const server = serverFor();
      const bound = await listenAt(server, address, port);
      if (bound === undefined) continue; // a machine without IPv6
      servers.push(server);
      port = bound;
    }
  } catch (error) {
    await closeAll(servers);
    throw error;
  }
  const names = host === undefined ? ["127.0.0.1", "localhost", "[::1]"] : [inAddress(host)];
  const [first] = names;
  return {
    port,
    url: `http://${first}:${port}/`,
    hosts: names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])),
    close: () => closeAll(servers),
  };
}

const inAddress = (host: string) => (host.includes(":") ? `[${host}]` : host.toLowerCase());

/** The port; undefined where the machine has no such address of its own. */
function listenAt(server: Server, host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isLacking = error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT";
      if (isLacking && host === "::1") resolve(undefined);
      else if (error.code === "EADDRINUSE")
        reject(new UsageError(`port ${port} is in use. Choose another, or 0 for a free one.`));
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => resolve((server.address() as AddressInfo).port));
  });
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map((server) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections(); // a page that is left open asks again and again
      return closed;
    }),
  );
}
