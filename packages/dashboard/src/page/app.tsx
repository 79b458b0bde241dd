/**
 * The frame around every page: where one can go, and the colours.
 */
import { useEffect, useRef, useState } from "react";
import type { Overview } from "../api.js";
import { NoSuchPage } from "./components/notice.js";
import { ThemeSwitch } from "./components/theme-switch.js";
import { ComparePage } from "./pages/compare-page.js";
import { GroupsPage } from "./pages/groups-page.js";
import { LeaderboardPage } from "./pages/leaderboard-page.js";
import { MapPage } from "./pages/map-page.js";
import { OverviewPage } from "./pages/overview-page.js";
import { PlotsPage } from "./pages/plots-page.js";
import { RunPage } from "./pages/run-page.js";
import { RunsPage } from "./pages/runs-page.js";
import { StartPage } from "./pages/start-page.js";
import { hrefOf, type PageName, type Route, useRoute } from "./state/route.js";
import { type Answer, useAnswer } from "./state/use-answer.js";

const PLACES: readonly { page: PageName; title: string; own?: readonly PageName[] }[] = [
  { page: "overview", title: "Overview" },
  { page: "runs", title: "Runs", own: ["run"] },
  { page: "leaderboard", title: "Leaderboard" },
  { page: "plots", title: "Plots" },
  { page: "groups", title: "Groups" },
  { page: "compare", title: "Compare" },
  { page: "map", title: "Map" },
  { page: "start", title: "Start" },
];

/** How often the overview is asked anew while it is looked at. */
const OVERVIEW_MS = 5000;

export function App() {
  const route = useRoute();
  const overview = useAnswer<Overview>("api/overview", route.page === "overview" ? OVERVIEW_MS : null);
  const main = useFocusOnMove(route);
  const places = useRef<HTMLUListElement>(null);
  useEffect(() => {
    places.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [route.page]);
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header className="bar">
        <a className="brand" href={hrefOf("overview")}>
          <img src="./icon.svg" alt="" width="24" height="24" />
          Autodidact
        </a>
        <nav aria-label="Pages">
          <ul className="places" ref={places}>
            {PLACES.map(({ page, title, own = [] }) => (
              <li key={page}>
                <a href={hrefOf(page)} aria-current={isAt(route, page, own) ? "page" : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <ThemeSwitch />
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Page route={route} overview={overview} />
      </main>
    </div>
  );
}

function Page({ route: { page, parts }, overview }: { route: Route; overview: Answer<Overview> }) {
  /** Hidden models are hidden on every page, until the page is left. */
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [first, second] = parts;
  const shared = { overview, modality: first, hidden, setHidden };
  switch (page) {
    case "overview":
      return <OverviewPage overview={overview} />;
    case "runs":
      return <RunsPage />;
    case "run":
      return first === undefined ? <NoSuchPage /> : <RunPage key={first} id={first} />;
    case "leaderboard":
      return <LeaderboardPage {...shared} />;
    case "plots":
      return <PlotsPage {...shared} />;
    case "groups":
      return <GroupsPage {...shared} />;
    case "compare":
      return <ComparePage first={first} second={second} />;
    case "map":
      return <MapPage overview={overview} id={first} />;
    case "start":
      return <StartPage />;
    default:
      return <NoSuchPage />;
  }
}

const isAt = (route: Route, page: PageName, own: readonly PageName[]) =>
  route.page !== undefined && [page, ...own].includes(route.page);

/** Who went to another page hears it from its beginning; who has just come starts at the top. */
function useFocusOnMove({ page, parts }: Route) {
  const main = useRef<HTMLElement>(null);
  const place = `${page} ${page === "run" ? parts[0] : ""}`;
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [place]);
  return main;
}
