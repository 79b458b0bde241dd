/**
 * Who may ask: the page itself, on this machine. Other sites in the same browser may not, whatever name they give this address.
 *
 * An exact list of Host headers stops DNS rebinding (MLflow CVE-2025-14279, Ray CVE-2025-62593); Origin and Sec-Fetch-Site stop other sites' forms.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { Refusal } from "./refusal.js";

export interface Doors {
  /** What a Host header may say: `127.0.0.1:4140`. Empty, and all is refused, until the port is known. */
  readonly hosts: Set<string>;
  /** Asked of everybody where others than this machine can reach the server. */
  readonly token?: string | undefined;
}

/** Scripts, styles and answers come from here alone; images and sounds may be made in the page. No script within the page's text. */
const POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": POLICY,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
};

/** On every answer, refusals too. */
export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
};

export function onlyKnownHosts({ hosts }: Doors): MiddlewareHandler {
  return async ({ req }, next) => {
    const told = (req.header("host") ?? "").toLowerCase();
    if (!hosts.has(told) || !hosts.has(new URL(req.url).host))
      throw new Refusal(421, "This server answers under its own address alone. Open the address that it printed.");
    await next();
  };
}

const isRead = (method: string) => method === "GET" || method === "HEAD";

/** Reads come from the page or from whoever typed the address, writes from the page alone. */
export const onlyFromThePage: MiddlewareHandler = async ({ req }, next) => {
  const site = req.header("sec-fetch-site");
  const isFromHere = site === undefined || site === "same-origin" || (site === "none" && isRead(req.method));
  if (!isFromHere) throw new Refusal(403, "Another site asked. Only the page itself may.");
  if (!isRead(req.method) && req.header("origin") !== `http://${req.header("host")}`)
    throw new Refusal(403, "Only the page itself may change something: the Origin header must be its own.");
  await next();
};

/** Bytes of what is sent. */
export const MOST_BYTES = 64 * 1024;

/** The body of a write: JSON of a bounded size, and nothing else. */
export async function jsonBody({ req }: Context): Promise<unknown> {
  if (!/^application\/json(; ?charset=utf-8)?$/i.test(req.header("content-type") ?? ""))
    throw new Refusal(415, "What is sent must be application/json.");
  try {
    return JSON.parse(await req.text());
  } catch {
    throw new Refusal(400, "What is sent must be JSON, and cannot be read as such.");
  }
}

const COOKIE = "autodidact_token";

/** The token comes once in the address that was printed, then in a cookie that scripts cannot read. */
export function onlyWithToken(token: string): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const inAddress = req.query("token");
    if (inAddress !== undefined && isRead(req.method) && isSame(inAddress, token)) {
      setCookie(context, COOKIE, token, { httpOnly: true, sameSite: "Strict", path: "/" });
      return context.redirect(req.path, 303);
    }
    const given = getCookie(context, COOKIE) ?? /^Bearer (.+)$/.exec(req.header("authorization") ?? "")?.[1] ?? "";
    if (!isSame(given, token))
      throw new Refusal(401, "The token is missing or wrong. Open the address that was printed.");
    await next();
  };
}

/** In a time that tells nothing of how much of it is right. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
