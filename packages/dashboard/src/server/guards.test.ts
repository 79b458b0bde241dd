/** Each line of what a server on a user's machine must hold to. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AskedApp, askedApp, HOST, HOSTS } from "../testing/asked-app.js";
import type { Pretraining } from "./pretraining.js";

let root: string;
let app: AskedApp;
const started: unknown[] = [];
const field = { name: "steps", help: "", usual: "", usually: null, unit: "n", choices: null };
const pretraining: Pretraining = {
  methods: [{ name: "simclr", modality: "image", summary: "", groups: [{ heading: "Learning", fields: [field] }] }],
  data: [{ name: "photos", modality: null }],
  fault: () => undefined,
  start: async (request) => void started.push(request),
};
const request = { method: "simclr", data: "photos", name: "first", options: { steps: "3" } };

beforeAll(async () => {
  root = await mkdtemp(`${tmpdir()}/guards-`);
  app = askedApp(root, { pretraining });
});
afterAll(() => rm(root, { recursive: true }));

describe("Host", () => {
  it.each(HOSTS)("%s is answered", async (host) => {
    expect((await app.ask("/api/overview", { headers: { Host: host } })).status).toBe(200);
  });

  it.each([
    "",
    "evil.example",
    "evil.example:4140",
    "127.0.0.1",
    "127.0.0.1:80",
    "127.0.0.1:41400",
    "localhost.evil.example:4140",
    "127.0.0.1:4140, evil.example",
    "0.0.0.0:4140",
    "[::]:4140",
  ])("%j is not, whatever is asked", async (host) => {
    for (const path of ["/", "/api/overview", "/assets/x.js"])
      expect((await app.ask(path, { headers: { Host: host } })).status).toBe(421);
    expect((await app.post("/api/pretrain", request, { headers: { Host: host } })).status).toBe(421);
  });
});

describe("writes", () => {
  it.each([
    ["without an Origin", { Origin: "" }],
    ["of another site", { Origin: "http://evil.example" }],
    ["of another port", { Origin: "http://127.0.0.1:80" }],
    ["of no site", { Origin: "null" }],
    ["of https", { Origin: `https://${HOST}` }],
    ["cross-site", { "Sec-Fetch-Site": "cross-site" }],
    ["same-site", { "Sec-Fetch-Site": "same-site" }],
    ["typed in", { "Sec-Fetch-Site": "none" }],
  ])("%s are refused", async (_, headers) => {
    const answer = await app.post("/api/pretrain", request, { headers: headers as Record<string, string> });
    expect([answer.status, started]).toEqual([403, []]);
  });

  it.each(["PUT", "DELETE", "PATCH", "OPTIONS"])("by %s are none", async (method) => {
    expect((await app.ask("/api/pretrain", { method })).status).toBe(403);
    const headers = { Origin: `http://${HOST}` };
    expect((await app.ask("/api/pretrain", { method, headers })).status).toBe(404);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", ""])(
    "of %j are refused",
    async (type) => {
      const answer = await app.post("/api/pretrain", request, { headers: { "Content-Type": type } });
      expect([answer.status, started]).toEqual([415, []]);
    },
  );

  it("are JSON, and not too much of it", async () => {
    expect((await app.post("/api/pretrain", 0, { body: "{" })).status).toBe(400);
    const large = { ...request, options: { steps: "1".repeat(70_000) } };
    expect((await app.post("/api/pretrain", large)).status).toBe(413);
    expect(started).toEqual([]);
  });

  it("of the page are done", async () => {
    expect((await app.post("/api/pretrain", request)).status).toBe(200);
    expect(started).toEqual([request]);
  });
});

it("reads that another site asks for are refused, those that are typed in are not", async () => {
  const status = async (site: string) =>
    (await app.ask("/api/overview", { headers: { "Sec-Fetch-Site": site } })).status;
  expect(await Promise.all(["same-origin", "none", "cross-site", "same-site", "else"].map(status))).toEqual([
    200, 200, 403, 403, 403,
  ]);
});

it.each(["/", "/api/overview", "/api/nothing", "/nothing.js"])(
  "%s has the headers that browsers keep to, and none that lets others in",
  async (path) => {
    for (const headers of [{}, { Host: "evil.example" }, { Origin: "http://evil.example" }]) {
      const answer = await app.ask(path, { headers: headers as Record<string, string> });
      const policy = answer.headers.get("Content-Security-Policy")!;
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  },
);

describe("a token", () => {
  const token = "0123456789abcdef";

  it("is asked of everybody, for everything", async () => {
    const guarded = askedApp(root, {}, token);
    for (const path of ["/", "/api/overview", "/assets/x.js", "/?token=0123456789abcdeF"])
      expect((await guarded.ask(path)).status).toBe(401);
    const headers = { Cookie: "autodidact_token=wrong", Authorization: "Bearer wrong" };
    expect((await guarded.ask("/api/overview", { headers })).status).toBe(401);
  });

  it("comes in the address once, then in a cookie that scripts and other sites cannot use", async () => {
    const guarded = askedApp(root, {}, token);
    const first = await guarded.ask(`/?token=${token}`);
    expect([first.status, first.headers.get("Location")]).toEqual([303, "/"]);
    const cookie = first.headers.get("Set-Cookie")!;
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Strict/i);
    const headers = { Cookie: cookie.split(";")[0]! };
    expect((await guarded.ask("/api/overview", { headers })).status).toBe(200);
    const bearer = { Authorization: `Bearer ${token}` };
    expect((await guarded.ask("/api/overview", { headers: bearer })).status).toBe(200);
  });
});
