/**
 * HTML in which every value is text: what is put into a template is escaped unless it is HTML made by one.
 */
export interface Html {
  readonly html: string;
}

type Value = string | number | Html | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe in text and in quoted attributes; what no page may hold (control characters, halves of pairs) becomes �. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu, "\ufffd")
    .replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);
}

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: parts.map((part, place) => part + (place < values.length ? shown(values[place]!) : "")).join("") };
}

/** Of text that is ours: a style sheet. */
export const verbatim = (text: string): Html => ({ html: text });

function shown(value: Value): string {
  if (typeof value === "string") return escaped(value);
  if (typeof value === "number") return String(value);
  return "html" in value ? value.html : value.map(({ html: text }) => text).join("");
}

/** A cell of a table, and whether it is a number, which stands to the right. */
export interface HtmlCell {
  readonly content: string | Html;
  readonly isNumber?: boolean;
}

/** On narrow screens each row becomes a list in which the heads stand before the values. */
export function htmlTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | Html | HtmlCell)[])[],
): Html {
  const cells = (row: (typeof rows)[number]) =>
    row.map((told, place) => {
      const { content, isNumber }: HtmlCell =
        typeof told === "object" && "content" in told ? told : { content: told, isNumber: false };
      if (place === 0) return html`<th scope="row">${content}</th>`;
      return html`<td data-head="${head[place]!}"${verbatim(isNumber ? ' class="number"' : "")}>${content}</td>`;
    });
  return html`<table><caption>${caption}</caption><thead><tr>${head.map(
    (title) => html`<th scope="col">${title}</th>`,
  )}</tr></thead><tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody></table>`;
}

export const number = (content: string): HtmlCell => ({ content, isNumber: true });
