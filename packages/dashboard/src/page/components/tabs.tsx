/**
 * Tabs as the ARIA pattern has them: one stop for the keyboard, arrows move between them.
 */
import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";

export interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: Id; readonly title: string }[];
  readonly chosen: Id;
  choose(id: Id): void;
  readonly children: ReactNode;
}

export function Tabs<Id extends string>({ label, tabs, chosen, choose, children }: TabsProps<Id>) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const place = tabs.findIndex(({ id }) => id === chosen);

  const move = (event: KeyboardEvent) => {
    const next = placeAfter(event.key, place, tabs.length);
    if (next === null) return;
    event.preventDefault();
    choose(tabs[next]!.id);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };

  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}${id}`}
            aria-selected={id === chosen}
            aria-controls={`${base}panel`}
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => choose(id)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${base}panel`} aria-labelledby={`${base}${chosen}`}>
        {children}
      </div>
    </>
  );
}

/** Null where the key moves nothing. */
export function placeAfter(key: string, place: number, count: number): number | null {
  if (key === "ArrowRight") return (place + 1) % count;
  if (key === "ArrowLeft") return (place - 1 + count) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}
