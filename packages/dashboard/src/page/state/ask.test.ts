import { afterEach, expect, it, vi } from "vitest";
import { AskError, ask, at, post } from "./ask.js";

afterEach(() => vi.unstubAllGlobals());

const answering = (status: number, body: string) => vi.stubGlobal("fetch", async () => new Response(body, { status }));

it("encodes what stands in a path", () => {
  expect(at`api/runs/${"../x"}/pictures/${7}`).toBe("api/runs/..%2Fx/pictures/7");
  expect(at`api/overview`).toBe("api/overview");
});

it("hands back the answer", async () => {
  answering(200, '{"runs":[],"total":0}');
  expect(await ask("api/runs")).toEqual({ runs: [], total: 0 });
});

it("tells the server's words, and the field they are about", async () => {
  answering(422, '{"error":"steps must be a whole number","field":"steps"}');
  const error = await post("api/pretrain", {}).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AskError);
  expect(error).toMatchObject({ message: "steps must be a whole number", field: "steps" });
});

it("says the number where there are no words", async () => {
  answering(500, "<html>");
  await expect(ask("api/runs")).rejects.toThrow("The server answered 500 to api/runs.");
});

it("says that nobody answers", async () => {
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(ask("api/runs")).rejects.toThrow("Is `autodidact dashboard` still running?");
});
