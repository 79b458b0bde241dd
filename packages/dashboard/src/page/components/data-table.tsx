/**
 * A table that can be sorted by its heads, scrolls within itself where it is too wide, and shows a hundred rows at a time.
 */
import { type ReactNode, useMemo, useState } from "react";
import { grouped } from "../format/amounts.js";
import { type Direction, type Sortable, sortRows } from "./sort-rows.js";

export interface Column<Row> {
  readonly key: string;
  readonly title: ReactNode;
  cell(row: Row): ReactNode;
  /** Not given: the table cannot be sorted by it. */
  sortBy?(row: Row): Sortable;
  /** The way it is sorted at the first press. */
  readonly firstWay?: Direction;
  readonly isNumber?: boolean;
  /** What the row is about: it stays in view when the table is scrolled sideways. */
  readonly isHead?: boolean;
}

export interface DataTableProps<Row> {
  readonly caption: string;
  /** Where a heading says the same to the eye. */
  readonly isCaptionHidden?: boolean;
  /** Few and short columns stand together, not an arm's length apart. */
  readonly isNarrow?: boolean;
  /** Rows shown at once. */
  readonly pageRows?: number;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  keyOf(row: Row): string;
}

interface Order {
  readonly key: string;
  readonly direction: Direction;
}

const PAGE_ROWS = 100;

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, isCaptionHidden, isNarrow, columns, rows, keyOf, pageRows = PAGE_ROWS } = props;
  const [order, setOrder] = useState<Order | null>(null);
  const [most, setMost] = useState(pageRows);
  const sorted = useMemo(() => {
    const by = columns.find(({ key }) => key === order?.key)?.sortBy;
    return by === undefined ? rows : sortRows(rows, by, order!.direction);
  }, [rows, columns, order]);
  const isMore = sorted.length > most;
  return (
    <div className={isNarrow ? "table narrow" : "table"}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section className="scroll" tabIndex={0} aria-label={caption}>
        <table>
          <caption className={isCaptionHidden ? "hidden-text" : undefined}>{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Head key={column.key} column={column} order={order} setOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, most).map((row) => (
              <tr key={keyOf(row)}>{columns.map((column) => bodyCell(column, row))}</tr>
            ))}
          </tbody>
        </table>
      </section>
      {isMore && (
        <button type="button" className="more" onClick={() => setMost(most + PAGE_ROWS)}>
          Show {Math.min(PAGE_ROWS, sorted.length - most)} more of {grouped(sorted.length)}
        </button>
      )}
    </div>
  );
}

interface HeadProps<Row> {
  readonly column: Column<Row>;
  readonly order: Order | null;
  setOrder(order: Order): void;
}

function Head<Row>({ column, order, setOrder }: HeadProps<Row>) {
  const { key, title, sortBy, firstWay = "ascending" } = column;
  if (sortBy === undefined) {
    return (
      <th scope="col" className={classOf(column)}>
        {title}
      </th>
    );
  }
  const own = order?.key === key ? order.direction : undefined;
  const next = own === undefined ? firstWay : other(own);
  return (
    <th scope="col" className={classOf(column)} aria-sort={own ?? "none"}>
      <button type="button" className="sort" onClick={() => setOrder({ key, direction: next })}>
        {title}
        <span aria-hidden="true" className="arrow">
          {own === undefined ? "" : own === "ascending" ? "↑" : "↓"}
        </span>
      </button>
    </th>
  );
}

function bodyCell<Row>(column: Column<Row>, row: Row) {
  const { key, cell, isHead } = column;
  if (isHead) {
    return (
      <th key={key} scope="row" className={classOf(column)}>
        {cell(row)}
      </th>
    );
  }
  return (
    <td key={key} className={classOf(column)}>
      {cell(row)}
    </td>
  );
}

const other = (direction: Direction): Direction => (direction === "ascending" ? "descending" : "ascending");

const classOf = ({ isNumber, isHead }: { isNumber?: boolean; isHead?: boolean }) =>
  [isNumber ? "number" : "", isHead ? "head" : ""].filter(Boolean).join(" ") || undefined;
