/** The server's addresses without a socket, on whatever a test serves. */
import { dashboardApp, type Served } from "../server/dashboard-app.js";
import { metricHistories } from "../server/metric-histories.js";
import { runShelf } from "../server/run-shelf.js";

export const HOST = "127.0.0.1:4140";
export const HOSTS = [HOST, "localhost:4140", "[::1]:4140"];

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface AskedApp {
  /** A request as the page makes it, but for what is told. */
  ask(path: string, asked?: Asked): Promise<Response>;
  json<Answer>(path: string): Promise<Answer>;
  /** A write as the page makes it. */
  post(path: string, value: unknown, asked?: Asked): Promise<Response>;
  readonly errors: readonly Error[];
}

export function askedApp(root: string, served: Partial<Served> = {}, token?: string): AskedApp {
  const errors: Error[] = [];
  const app = dashboardApp(
    {
      root,
      runs: runShelf(root),
      metrics: metricHistories(),
      store: undefined,
      maps: {
        maps: [],
        find: () => {
          throw new Error("no maps");
        },
      },
      pretraining: undefined,
      page: new Map(),
      onError: (error) => errors.push(error),
      ...served,
    },
    { hosts: new Set(HOSTS), token },
  );
  const ask: AskedApp["ask"] = async (path, { headers = {}, ...asked } = {}) =>
    app.request(`http://${HOST}${path}`, { ...asked, headers: { Host: HOST, ...headers } });
  return {
    ask,
    errors,
    async json(path) {
      const answer = await ask(path);
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json() as never;
    },
    post: (path, value, { headers = {}, ...asked } = {}) =>
      ask(path, {
        method: "POST",
        body: JSON.stringify(value),
        headers: {
          Origin: `http://${HOST}`,
          "Sec-Fetch-Site": "same-origin",
          "Content-Type": "application/json",
          ...headers,
        },
        ...asked,
      }),
  };
}
