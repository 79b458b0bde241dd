/**
 * What the pages over the store share: a tab a modality, and the board of the one that is chosen.
 */
import type { ReactNode } from "react";
import type { LeaderboardView, Modality, Overview } from "../../api.js";
import { Answered } from "../components/answered.js";
import { Command } from "../components/command.js";
import { Empty } from "../components/notice.js";
import { Tabs } from "../components/tabs.js";
import { at } from "../state/ask.js";
import { goTo, type PageName } from "../state/route.js";
import { type Answer, useAnswer } from "../state/use-answer.js";

/** What a page over the store is given. */
export interface BoardPageProps {
  readonly overview: Answer<Overview>;
  /** As the address tells it. */
  readonly modality: string | undefined;
  readonly hidden: ReadonlySet<string>;
  setHidden(hidden: ReadonlySet<string>): void;
}

export interface BoardFrameProps extends Pick<BoardPageProps, "overview" | "modality"> {
  readonly title: string;
  readonly page: PageName;
  children(view: LeaderboardView): ReactNode;
}

export function BoardFrame({ title, page, overview, modality, children }: BoardFrameProps) {
  return (
    <>
      <h1>{title}</h1>
      <Answered answer={overview} what="the store">
        {({ store, modalities }) => {
          const chosen = modalities.find((own) => own === modality) ?? modalities[0];
          if (chosen === undefined) return <NoResults hasStore={store !== null} />;
          return (
            <ModalityTabs modalities={modalities} chosen={chosen} page={page}>
              {children}
            </ModalityTabs>
          );
        }}
      </Answered>
    </>
  );
}

interface ModalityTabsProps extends Pick<BoardFrameProps, "page" | "children"> {
  readonly modalities: readonly Modality[];
  readonly chosen: Modality;
}

function ModalityTabs({ modalities, chosen, page, children }: ModalityTabsProps) {
  const board = useAnswer<LeaderboardView>(at`api/leaderboard?modality=${chosen}`);
  return (
    <Tabs
      label="Modality"
      tabs={modalities.map((id) => ({ id, title: id }))}
      chosen={chosen}
      choose={(next) => goTo(page, next)}
    >
      <Answered answer={board} what="the leaderboard">
        {(view) => <div key={chosen}>{children(view)}</div>}
      </Answered>
    </Tabs>
  );
}

export function NoResults({ hasStore }: { hasStore: boolean }) {
  return (
    <Empty title={hasStore ? "The store holds no results yet" : "The dashboard was started without a store"}>
      <p>Results come from encoders that are judged on tasks, and are kept in a store:</p>
      <Command>autodidact bench run --suite suite.json --store bench</Command>
      <p>How the dashboard is told where the store is:</p>
      <Command>autodidact dashboard --help</Command>
    </Empty>
  );
}
