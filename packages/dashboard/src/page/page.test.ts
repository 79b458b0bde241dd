/**
 * The built page in a real browser, before a fake server.
 */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { builtPage } from "../testing/build-page.js";
import { type FakeServer, fakeServer } from "../testing/fake-server.js";
import { emptyStore, type FakeStore, fullStore, HOSTILE, hostileStore, largeStore } from "../testing/fake-store.js";

const BROWSER = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PLACES = [
  "#/",
  "#/runs",
  "#/run/mae-photos",
  "#/run/simclr-photos",
  "#/leaderboard/image",
  "#/plots/image",
  "#/groups/image",
  "#/compare/simclr-photos/simclr-photos-long",
  "#/map/map-image",
  "#/map/map-text",
  "#/map/map-speech",
  "#/start",
];

describe.skipIf(!existsSync(BROWSER))(`in ${BROWSER}`, () => {
  let browser: Browser;
  let folder: string;
  let server: FakeServer;
  let page: Page;
  let troubles: string[];

  beforeAll(async () => {
    folder = builtPage();
    browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS });
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await page.context().close();
    await server.close();
    expect(troubles).toEqual([]);
  });

  async function open(store: FakeStore, place: string, options: BrowserContextOptions = {}): Promise<void> {
    server = await fakeServer(store, folder);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    troubles = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
    });
    page.on("pageerror", (error) => troubles.push(String(error)));
    page.on("dialog", (dialog) => troubles.push(`dialog: ${dialog.message()}`));
    await goTo(place);
  }

  async function goTo(place: string): Promise<void> {
    await page.goto(`${server.url}${place}`);
    await settled();
  }

  /** Nothing is waited for any more. */
  async function settled(): Promise<void> {
    await page.locator("h1").waitFor();
    await page.waitForFunction(() => document.querySelector(".waiting") === null);
  }

  const alerts = () => page.locator(".notice.bad").allInnerTexts();
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is left out.
  const seen = (place: Locator) => place.innerText();
  const heading = () => seen(page.locator("h1"));
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);

  it("opens every page, and each shows what it is for", async () => {
    await open(fullStore(), "#/");
    expect(await seen(page.locator(".latest h2"))).toBe("mae-photos");
    for (const place of PLACES) {
      await goTo(place);
      expect(await alerts()).toEqual([]);
    }
    await goTo("#/nowhere");
    expect(await heading()).toBe("There is no such page");
  });

  it("says what to type where there is nothing", async () => {
    await open(emptyStore, "#/");
    const shown = await seen(page.locator("main"));
    expect(shown).toContain("autodidact pretrain simclr --data photos --out runs/photos");
    expect(shown).toContain("autodidact bench run --suite suite.json --store bench");
    for (const place of ["runs", "leaderboard", "plots", "groups", "compare", "map", "start"]) {
      await goTo(`#/${place}`);
      expect(await page.locator(".command").count()).toBeGreaterThan(0);
      expect(await alerts()).toEqual([]);
    }
  });

  it("shows hostile names as text, and asks for hostile ids as ids", async () => {
    const id = encodeURIComponent("../../etc/passwd");
    await open(hostileStore(), "#/");
    const map = encodeURIComponent(HOSTILE);
    const places = ["#/runs", `#/run/${id}`, "#/leaderboard/image", "#/plots/image", "#/groups/image", `#/map/${map}`];
    for (const place of ["#/", ...places, "#/compare", "#/start"]) {
      await goTo(place);
      expect(await page.locator("main").innerHTML()).toContain("&lt;script&gt;");
      expect(await page.locator("main script, main img[src=x]").count()).toBe(0);
    }
    expect(await page.evaluate(() => Object.hasOwn(window, "hacked"))).toBe(false);
    expect(server.asked).toContain(`/api/runs/${id}`);
    expect(server.asked.filter((path) => path.includes("/etc/"))).toEqual([]);
  });

  it("moves on with a run that trains, and rests while it is hidden", async () => {
    await open(fullStore(), "#/run/mae-photos");
    const readout = page.locator(".chart .readout").first();
    const before = await seen(readout);
    await page.waitForFunction((old) => document.querySelector(".chart .readout")?.textContent !== old, before);
    expect(await seen(page.locator(".facts"))).toContain("time left");
    await hide(true);
    const asked = server.asked.length;
    await page.waitForTimeout(2500);
    expect(server.asked.length - asked).toBeLessThanOrEqual(1); // one may have been under way
    await hide(false);
    await page.waitForFunction(
      (old) => document.querySelector(".chart .readout")?.textContent !== old,
      await seen(readout),
    );
  });

  /** As a browser tells a page that another tab is in front. */
  const hide = (isHidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, isHidden);

  it("goes through the pictures of a run", async () => {
    await open(fullStore(), "#/run/mae-photos");
    const picture = page.locator(".pictures img");
    await page.locator(".pictures input").press("Home");
    expect(await picture.getAttribute("src")).toBe("api/runs/mae-photos/pictures/200");
    await page.getByLabel("The picture after").click();
    expect(await picture.getAttribute("src")).toBe("api/runs/mae-photos/pictures/400");
    expect(await seen(page.locator(".pictures label"))).toContain("step 400");
  });

  it("is walked through by the keyboard", async () => {
    await open(fullStore(), "#/leaderboard/image");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    expect(page.url()).toContain("#/leaderboard/image");

    await page.keyboard.press("Tab"); // the tabs are one stop
    await page.keyboard.press("ArrowRight");
    await page.waitForURL(/leaderboard\/text/);
    await settled();
    expect(await seen(page.locator("[role=tab][aria-selected=true]"))).toBe("text");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("text");

    const head = page.locator(".task th", { hasText: "FLOPs" });
    await head.locator("button").press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    await head.locator("button").press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("descending");
  });

  it("walks over the map by arrows, and shows neighbours", async () => {
    await open(fullStore(), "#/map/map-text");
    const map = page.locator("canvas");
    await map.press("ArrowRight");
    const first = await seen(page.locator(".point-name"));
    await map.press("ArrowUp");
    await map.press("ArrowRight");
    const second = await seen(page.locator(".point-name"));
    expect(second).not.toBe(first);
    expect(await seen(page.locator("blockquote"))).toBe(`The words of ${second}.`);
    await map.press("Enter");
    await page.locator(".neighbours li").nth(7).waitFor();
    await page.locator(".neighbours button").first().press("Enter");
    await page.waitForFunction((old) => document.querySelector(".point-name")?.textContent !== old, second);
    await map.press("Escape");
    expect(await page.locator(".neighbours").count()).toBe(0);
  });

  it("hides a model, and no other's rank changes", async () => {
    await open(fullStore(), "#/leaderboard/image");
    const ranks = async () => {
      const rows = await page.locator(".task > .table").first().locator("tbody tr").all();
      return Promise.all(
        rows.map(async (row) => [await seen(row.locator("th")), await seen(row.locator("td").first())]),
      );
    };
    const before = await ranks();
    const [hidden] = before[2]!;
    await page.locator(".picker summary").click();
    await page.getByLabel(hidden!, { exact: true }).uncheck();
    expect(await ranks()).toEqual(before.filter(([model]) => model !== hidden));
    await page.getByLabel("Filter models by name").fill("vit");
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".task > .table tbody th")].every((cell) => cell.textContent?.includes("vit")),
    );
    const kept = await ranks();
    expect(kept).toEqual(before.filter(([model]) => model !== hidden && model!.includes("vit")));
  });

  it("starts a pretraining, and says at the field what is wrong", async () => {
    await open(fullStore(), "#/start");
    await page.getByLabel("name", { exact: true }).fill("from-the-page");
    await page.getByLabel("temperature").fill("-1");
    await page.getByRole("button", { name: "Start" }).click();
    const wrong = page.locator("[aria-invalid=true]");
    await wrong.waitFor();
    expect(await seen(page.locator(".field-error:not(:empty)"))).toBe("temperature must be a number above 0.");
    expect(await wrong.evaluate((field) => field === document.activeElement)).toBe(true);
    troubles = []; // a browser writes refused requests into its console
    await page.getByLabel("temperature").fill("0.2");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("heading", { name: "from-the-page" }).waitFor();
    expect(page.url()).toContain("#/run/from-the-page");
  });

  it("opens fast on ten thousand records, and asks for no more than it shows", async () => {
    await open(largeStore(), "#/");
    expect(server.asked.filter((path) => path.includes("leaderboard"))).toEqual([]);
    const started = performance.now();
    await goTo("#/leaderboard/image");
    await page.locator(".task").first().waitFor();
    expect(performance.now() - started).toBeLessThan(10_000); // on a crowded machine
    expect(await page.locator(".task").count()).toBe(5);
    expect(await page.locator("tbody tr").count()).toBeLessThan(250);
    await page.getByRole("button", { name: "Show 80 more of 100" }).first().click();
    expect(await page.locator(".task").first().locator("tbody tr").count()).toBe(105); // five pairs stand below
    await page.getByRole("button", { name: /more of 100 tasks/ }).click();
    expect(await page.locator(".task").count()).toBe(10);
    await goTo("#/runs");
    expect(await page.locator("tbody tr").count()).toBe(100);
    await page.getByRole("button", { name: "Earlier" }).click();
    await page.getByText("run-150", { exact: true }).waitFor();
  });

  it("fits 400 px, tables scrolling within themselves", async () => {
    await open(fullStore(), "#/", { viewport: { width: 400, height: 800 } });
    for (const place of PLACES) {
      await goTo(place);
      expect([place, await width()]).toEqual([place, 400]);
    }
  });

  it("is dark as the system is, and as the reader chose", async () => {
    await open(fullStore(), "#/", { colorScheme: "dark" });
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.emulateMedia({ colorScheme: "light" });
    await page.waitForFunction((old) => getComputedStyle(document.documentElement).backgroundColor !== old, dark);
    const light = await ground();
    expect([light, dark]).toEqual(["rgb(255, 255, 255)", "rgb(16, 20, 24)"]);
    await page.locator(".theme").click(); // light
    await page.locator(".theme").click(); // dark
    expect(await ground()).toBe(dark);
    await page.reload();
    await settled();
    expect(await ground()).toBe(dark);
  });

  it("says that the server is gone, and comes back with it", async () => {
    await open(fullStore(), "#/runs");
    await page.route("**/api/**", (route) => route.abort());
    await page.locator(".notice.bad").waitFor();
    expect((await alerts())[0]).toContain("Is `autodidact dashboard` still running?");
    expect(await page.locator("tbody tr").count()).toBe(5); // what was read stays
    await page.unroute("**/api/**");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.waitForFunction(() => document.querySelector(".notice.bad") === null);
    troubles = []; // a browser writes failed requests into its console
  });
});
