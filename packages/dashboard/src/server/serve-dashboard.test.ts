/** Over real sockets: what no request in memory can show. */
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { createConnection, createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { createRun } from "@autodidact/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Dashboard, type DashboardOptions, serveDashboard } from "./serve-dashboard.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "serve-"));
  const run = await createRun(join(root, "one"), { method: "simclr" });
  await (await run.log()).close();
  await run.close();
});
afterAll(() => rm(root, { recursive: true }));

async function serving(
  options: Partial<DashboardOptions>,
  work: (dashboard: Dashboard, port: number) => Promise<void>,
) {
  const dashboard = await serveDashboard({ root, port: 0, page: join(root, "no page"), ...options });
  try {
    await work(dashboard, Number(new URL(dashboard.url).port));
  } finally {
    await dashboard.close();
  }
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

/** Status of a request with headers of one's own. */
function statusOf(host: string, port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host, port, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    })
      .on("error", reject)
      .end();
  });
}

/** What a server says to bytes. */
function saidTo(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const socket = createConnection({ host: "127.0.0.1", port }, () => socket.write(text));
    socket.setEncoding("utf8").on("data", (part) => {
      said += part;
    });
    socket.on("end", () => resolve(said)).on("error", reject);
  });
}

it("answers at its own names, on both of this machine's addresses, and nowhere else", async () => {
  await serving({}, async ({ url, found }, port) => {
    expect(url).toBe(`http://127.0.0.1:${port}/`);
    expect(found).toEqual({ store: null, runCount: 1, unreadable: [], maps: [], hasPage: false });
    const overview = await (await fetch(new URL("api/overview", url))).json();
    expect(overview).toMatchObject({ runCount: 1, runs: [{ name: "one" }] });
    for (const name of [`localhost:${port}`, `[::1]:${port}`, `127.0.0.1:${port}`])
      expect(await statusOf("127.0.0.1", port, "/api/overview", { Host: name })).toBe(200);
    if (hasIpv6) expect(await statusOf("::1", port, "/api/overview", {})).toBe(200);
    for (const name of ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1:${port + 1}`, `0:${port}`])
      expect(await statusOf("127.0.0.1", port, "/api/overview", { Host: name })).toBe(421);
    const others = Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).filter(({ internal, family }) => !internal && family === "IPv4"),
    );
    for (const { address } of others) await expect(statusOf(address, port, "/", {})).rejects.toThrow("ECONNREFUSED");
  });
});

it("takes no other name from the request's own line, and no second Host", async () => {
  await serving({}, async (_, port) => {
    const host = `127.0.0.1:${port}`;
    const said = (line: string, ...hosts: string[]) =>
      saidTo(port, `${line}\r\n${hosts.map((own) => `Host: ${own}\r\n`).join("")}Connection: close\r\n\r\n`);
    expect(await said("GET /api/overview HTTP/1.1", host)).toMatch(/^HTTP\/1.1 200/);
    expect(await said("GET http://evil.example/api/overview HTTP/1.1", host)).toMatch(/^HTTP\/1.1 4/);
    expect(await said("GET /api/overview HTTP/1.1", host, "evil.example")).toMatch(/^HTTP\/1.1 4/);
    expect(await said("GET /api/overview HTTP/1.1")).toMatch(/^HTTP\/1.1 400/);
    expect(await said("GET /api/overview HTTP/1.0")).toMatch(/^HTTP\/1.1 4/);
  });
});

it("closes while a page is open, at a signal too", async () => {
  const ending = new AbortController();
  await serving({ signal: ending.signal }, async ({ url }, port) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.on("error", () => {});
    ending.abort();
    await new Promise((resolve) => socket.once("close", resolve));
    await expect(fetch(url)).rejects.toThrow();
  });
});

it("refuses a port that is in use", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  await expect(serving({ port }, async () => {})).rejects.toThrow(`port ${port} is in use`);
  taken.close();
});

// Only Linux has all of 127.0.0.0/8.
it.skipIf(process.platform !== "linux")(
  "is open to others only where that is said, with a token, at one address",
  async () => {
    const token = "0123456789abcdef";
    for (const options of [
      { host: "192.0.2.1" },
      { host: "192.0.2.1", token },
      { host: "192.0.2.1", isOpenToOthers: true },
    ])
      await expect(serving(options, async () => {})).rejects.toThrow("needs `isOpenToOthers` and a `token`");
    for (const host of ["0.0.0.0", "::"])
      await expect(serving({ host, isOpenToOthers: true, token }, async () => {})).rejects.toThrow(
        "all addresses at once",
      );
    await expect(serving({ token: "short" }, async () => {})).rejects.toThrow("at least 16");
    await serving({ host: "127.0.0.2", isOpenToOthers: true, token }, async ({ url }, port) => {
      expect(url).toBe(`http://127.0.0.2:${port}/?token=${token}`);
      expect(await statusOf("127.0.0.2", port, "/api/overview", {})).toBe(401);
      expect(await statusOf("127.0.0.2", port, "/api/overview", { Authorization: `Bearer ${token}` })).toBe(200);
      expect(await statusOf("127.0.0.2", port, "/api/overview", { Host: `127.0.0.1:${port}` })).toBe(421);
    });
  },
);
