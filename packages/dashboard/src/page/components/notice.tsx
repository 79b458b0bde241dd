/**
 * What is told beside the results: that something is missing, lost, or wrong, and what to do.
 */
import type { ReactNode } from "react";
import { hrefOf } from "../state/route.js";

export function Notice({ kind = "quiet", children }: { kind?: "quiet" | "warn" | "bad"; children: ReactNode }) {
  return (
    <div className={`notice ${kind}`} role={kind === "bad" ? "alert" : undefined}>
      {children}
    </div>
  );
}

/** Nothing is here yet: what it would be, and what to type. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="empty">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function NoSuchPage() {
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        The address names none. <a href={hrefOf("overview")}>Go to the overview.</a>
      </p>
    </>
  );
}
